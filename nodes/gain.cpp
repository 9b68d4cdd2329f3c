// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/level.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "scaled signal"}};
constexpr Param params[] = {{"level", Unit::db, -120, 24, 0, "gain; −120 dB and below is silence"}};

float factor(float level) { return level > -120 ? dsp::gain_of_db(level) : 0; }

class Gain final : public Node {
 public:
  explicit Gain(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      const auto level = io.param[0][lane];
      float* out = io.out[0][lane];
      if (level.still) {
        const float gain = factor(level[0]);
        for (int i = 0; i < io.frames; ++i) out[i] = in[i] * gain;
      } else {
        for (int i = 0; i < io.frames; ++i) out[i] = in[i] * factor(level[i]);
      }
    }
  }
  void reset() noexcept override {}
};

}  // namespace

PERIGEE_NODE(gain) = {
    .kind = "gain",
    .group = "level and routing",
    .doc = "scales a signal by a level in dB",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Gain>,
    .in_place = true,
};
