// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

#include <fmt/format.h>

#include <cmath>

namespace perigee {

std::string_view symbol(Unit unit) {
  switch (unit) {
    case Unit::hz:
      return "Hz";
    case Unit::seconds:
      return "s";
    case Unit::db:
      return "dB";
    case Unit::frames:
      return "frames";
    case Unit::cycles:
      return "cycles";
    case Unit::beats:
      return "beats";
    case Unit::lanes:
      return "lanes";
    case Unit::lufs:
      return "LUFS";
    case Unit::none:
    case Unit::linear:
    case Unit::ratio:
      return "";
  }
  return "";
}

std::string in_words(double number, Unit unit) {
  // Whole numbers are shown whole as far as a double holds them.
  const bool whole = number == std::trunc(number) && std::abs(number) <= 0x1p53;
  const std::string text = whole ? fmt::format("{:.0f}", number + 0.0) : fmt::format("{:.6g}", number);
  std::string_view after = symbol(unit);
  if (number == 1 && after.ends_with("s") && after.size() > 1) after.remove_suffix(1);  // 1 frame
  return after.empty() ? text : fmt::format("{} {}", text, after);
}

unsigned widest(const Setup& setup) {
  unsigned lanes = 1;
  for (const unsigned n : setup.in_lanes) lanes = std::max(lanes, n);
  for (const unsigned n : setup.param_lanes) lanes = std::max(lanes, n);
  return lanes;
}

}  // namespace perigee
