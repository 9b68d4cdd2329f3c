// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <span>

#include "patch/patch.h"

namespace perigee::cli {

/// Prints every mistake, a line each, to standard error.
void print_mistakes(std::span<const Mistake> mistakes);

}  // namespace perigee::cli
