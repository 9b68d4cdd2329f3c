// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/gain.h"

#include "node/lanewise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "scaled signal"}};
constexpr Param params[] = {{"level", Unit::db, -120, 24, 0, "gain; −120 dB and below is silence"}};

struct Kernel {
  using Lane = dsp::GainLane;
  explicit Kernel(const Setup&) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool same) const noexcept {
    return dsp::gain(lanes, frames, same);
  }
  bool operator==(const Kernel&) const = default;
};

}  // namespace

PERIGEE_NODE(gain) = {
    .kind = "gain",
    .group = "level and routing",
    .doc = "scales a signal by a level in dB",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .factor = [](float level, unsigned) { return dsp::gain_factor(level); },
    .bank = make_bank<Kernel>,
};
