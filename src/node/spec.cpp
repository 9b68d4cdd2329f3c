// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

#include <fmt/format.h>

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
  const std::string_view after = symbol(unit);
  return after.empty() ? fmt::format("{:.6g}", number) : fmt::format("{:.6g} {}", number, after);
}

unsigned widest(const Setup& setup) {
  unsigned lanes = 1;
  for (const unsigned n : setup.in_lanes) lanes = std::max(lanes, n);
  for (const unsigned n : setup.param_lanes) lanes = std::max(lanes, n);
  return lanes;
}

}  // namespace perigee
