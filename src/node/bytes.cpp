// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/bytes.h"

#include <fmt/format.h>

namespace perigee {

std::string in_words(Bytes bytes) {
  if (bytes.count() < 1024) return fmt::format("{} byte{}", bytes.count(), bytes.count() == 1 ? "" : "s");
  double amount = static_cast<double>(bytes.count());
  const char* unit = "";
  for (const char* next : {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}) {
    if (amount < 999.5) break;  // else three digits would round it to 1000
    amount /= 1024;
    unit = next;
  }
  return fmt::format("{:.3g} {}", amount, unit);
}

}  // namespace perigee
