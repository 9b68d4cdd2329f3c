// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "node/held_value.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the value; a change is ramped"}};
constexpr Param params[] = {
    {"value", Unit::none, -kNoLimit, kNoLimit, kRequired, "where it stands: min … max"}};
constexpr std::string_view curves[] = {"lin", "exp"};
constexpr Fixed fixed[] = {
    number("min", Unit::none, -kNoLimit, kNoLimit, 0, "the least value"),
    number("max", Unit::none, -kNoLimit, kNoLimit, 1, "the greatest value"),
    choice("curve", curves, "lin",
           "how a controller's way from min to max is spread; exp, as for pitch, needs min > 0"),
};

std::string check(const Setup& setup) {
  const double min = setup.number(0), max = setup.number(1);
  if (min >= max) return fmt::format("min {:.6g} is not below max {:.6g}", min, max);
  if (setup.text(2) == "exp" && min <= 0)
    return fmt::format("curve \"exp\" needs min above 0, not {:.6g}", min);
  return {};
}

}  // namespace

PERIGEE_NODE(param) = {
    .kind = "param",
    .group = "sources",
    .doc = "a value to be played: set, glided, or moved by a controller",
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<HeldValue>,
    .check = check,
    .args = "value min max",
    .bounds = 0,
};
