// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "node/spec.h"

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

class Dial final : public Node {
 public:
  explicit Dial(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto value = io.param[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = value[i];
    }
  }
  void reset() noexcept override {}
};

}  // namespace

PERIGEE_NODE(param) = {
    .kind = "param",
    .group = "sources",
    .doc = "a value to be played: set, glided, or moved by a controller",
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Dial>,
    .check = check,
    .args = "value min max",
    .bounds = 0,
};
