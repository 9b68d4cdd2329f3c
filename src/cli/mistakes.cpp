// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/mistakes.h"

#include <fmt/format.h>

#include "terminal/console.h"

namespace perigee::cli {

void print_mistakes(std::span<const Mistake> mistakes) {
  for (const Mistake& mistake : mistakes) console::complain("{}\n", to_string(mistake));
}

}  // namespace perigee::cli
