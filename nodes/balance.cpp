// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "stereo"}};
constexpr Port out[] = {{"out", "stereo"}};
constexpr Param params[] = {
    {"position", Unit::none, -1, 1, 0, "−1 left only … 1 right only; 0 leaves both alone"}};

/// The side turned to stays; the other falls in a straight line, to nothing at the end.
float gain(unsigned side, float position) {
  return std::clamp(side == 0 ? 1 - position : 1 + position, 0.F, 1.F);
}

class Balance final : public Node {
 public:
  explicit Balance(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned side = 0; side < 2; ++side) {
      const float* in = io.in[0][side];
      const auto position = io.param[0][side];
      float* out = io.out[0][side];
      for (int i = 0; i < io.frames; ++i) out[i] = in[i] * gain(side, position[i]);
    }
  }
  void reset() noexcept override {}
};

std::string check(const Setup& setup) {
  if (setup.in_lanes[0] == 2) return {};
  return fmt::format("in has {} lane{}, not two: pan places single lanes between left and right",
                     setup.in_lanes[0], setup.in_lanes[0] == 1 ? "" : "s");
}

}  // namespace

PERIGEE_NODE(balance) = {
    .kind = "balance",
    .group = "level and routing",
    .doc = "turns a stereo signal to one side by lowering the other",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Balance>,
    .check = check,
    .in_place = true,
};
