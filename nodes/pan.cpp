// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "dsp/equal_power.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "one lane, or a bundle with a position for each lane"}};
constexpr Port out[] = {{"out", "stereo: all lanes, each at its position"}};
constexpr Param params[] = {
    {"position", Unit::none, -1, 1, 0,
     "−1 left … 1 right, −3 dB in the middle; one lane with several sounds at each"},
};

dsp::Shares placed(float position) { return dsp::equal_power(std::clamp(position * 0.5F + 0.5F, 0.F, 1.F)); }

class Pan final : public Node {
 public:
  explicit Pan(const Setup& setup) : lanes_(widest(setup)) {}

  void process(const Block& io) noexcept override {
    double left[kChunk] = {}, right[kChunk] = {};
    for (unsigned lane = 0; lane < lanes_; ++lane) {
      const float* in = io.in[0][lane];
      const auto position = io.param[0][lane];
      dsp::Shares share = placed(position[0]);
      for (int i = 0; i < io.frames; ++i) {
        if (!position.still) share = placed(position[i]);
        left[i] += static_cast<double>(in[i]) * share.first;
        right[i] += static_cast<double>(in[i]) * share.second;
      }
    }
    for (int i = 0; i < io.frames; ++i) {
      io.out[0][0][i] = static_cast<float>(left[i]);
      io.out[0][1][i] = static_cast<float>(right[i]);
    }
  }
  void reset() noexcept override {}

 private:
  unsigned lanes_;  ///< of what is placed
};

std::string check(const Setup& setup) {
  const unsigned lanes = setup.in_lanes[0], positions = setup.param_lanes[0];
  if (lanes == 1 || lanes == positions) return {};
  if (positions > 1)
    return fmt::format("in has {} lanes and position has {}: each lane needs its own position", lanes,
                       positions);
  if (lanes == 2)
    return "in is stereo and there is one position: turn a stereo signal with balance, or place its lanes "
           "with a "
           "position each, as in lanes{ -1, 1 }";
  return fmt::format(
      "in has {} lanes and there is one position: fold it with mix() first, or give each lane its "
      "position with lanes(…); balance turns a stereo signal",
      lanes);
}

}  // namespace

PERIGEE_NODE(pan) = {
    .kind = "pan",
    .group = "level and routing",
    .doc = "places each lane between left and right at equal power, and folds into stereo",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Pan>,
    .lanes = [](const Setup&) { return 2U; },
    .check = check,
    .any_lanes = true,
};
