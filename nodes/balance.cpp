// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/balance.h"

#include <fmt/format.h>

#include "node/lanewise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "stereo"}};
constexpr Port out[] = {{"out", "stereo"}};
constexpr Param params[] = {
    {"position", Unit::none, -1, 1, 0, "−1 left only … 1 right only; 0 leaves both alone"}};

struct Kernel {
  using Lane = dsp::BalanceLane;
  explicit Kernel(const Setup&) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool) const noexcept {
    return dsp::balance(lanes, frames);
  }
  bool operator==(const Kernel&) const = default;
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
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .check = check,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
