// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "dsp/pan.h"
#include "node/lanewise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "one lane, or a bundle with a position for each lane"}};
constexpr Port out[] = {{"out", "stereo: all lanes, each at its position"}};
constexpr Param params[] = {
    {"position", Unit::none, -1, 1, 0,
     "−1 left … 1 right, −3 dB in the middle; one lane with several sounds at each"},
};

struct Kernel {
  using Lane = dsp::PanLane;
  explicit Kernel(const Setup& setup) : folds(widest(setup) > 1) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool same) const noexcept {
    return folds ? dsp::pan_and_mix(lanes, frames, same) : dsp::pan(lanes, frames, same);
  }
  bool operator==(const Kernel&) const = default;
  bool folds;  ///< several lanes into one pair
};

std::string check(const Setup& setup) {
  const unsigned lanes = setup.in_lanes[0], positions = setup.param_lanes[0];
  if (lanes == 1 || lanes == positions) return {};
  if (positions > 1)
    return fmt::format("in has {} lanes and position has {}: each lane needs its own position", lanes,
                       positions);
  if (lanes == 2 && !setup.hears_voices)
    return "in is stereo and there is one position: turn a stereo signal with balance, or place its lanes "
           "with a "
           "position each, as in lanes{ -1, 1 }";
  return {};
}

}  // namespace

PERIGEE_NODE(pan) = {
    .kind = "pan",
    .group = "level and routing",
    .doc = "places each lane between left and right at equal power, and folds into stereo",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .lanes = [](const Setup&) { return 2U; },
    .memory = Lanewise<Kernel>::memory,
    .check = check,
    .any_lanes = true,
    .factor = [](float position, unsigned lane) { return dsp::pan_factors(position)[lane]; },
    .bank = make_bank<Kernel>,
};
