// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/compression.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace perigee;

namespace {

/// As the paper has it, and in double: what goes in less what comes out.
double taken_away(double db, double threshold, double ratio, double knee) {
  const double over = db - threshold;
  if (2 * over < -knee) return 0;
  if (2 * over > knee) return over - over / ratio;
  return -(1 / ratio - 1) * (over + knee / 2) * (over + knee / 2) / (2 * knee);
}

}  // namespace

TEST_CASE("the curve takes away what the paper's formula does") {
  const std::uint64_t seed = 20261121;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto uniform = [&](float least, float most) {
    return std::uniform_real_distribution<float>(least, most)(random);
  };
  double worst = 0;
  for (int run = 0; run < 2000; ++run) {
    const int frames = 1 + static_cast<int>(random() % kChunk);
    const float threshold = uniform(-80, 0), ratio = uniform(1, 100), knee = uniform(0.01F, 24);
    const float scale = run % 2 == 0 ? 3.01029995663981F : 6.02059991327962F;
    float x[kChunk], level[kChunk];
    for (int i = 0; i < frames; ++i) level[i] = x[i] = std::exp2(uniform(-40, 20));
    dsp::compress({{&threshold, true}, {&ratio, true}, {&knee, true}}, scale, x, frames);
    for (int i = 0; i < frames; ++i) {
      const double db = static_cast<double>(scale) * std::log2(static_cast<double>(level[i]));
      const double expected = taken_away(db, static_cast<double>(threshold), static_cast<double>(ratio),
                                         static_cast<double>(knee));
      worst = std::max(worst, std::abs(static_cast<double>(x[i]) - expected));
    }
  }
  MESSAGE("off by " << worst << " dB at most");
  CHECK(worst < 1e-4);  // some grains of a float of up to 240 dB
}

TEST_CASE("full scale is 0 dB, and without a knee the curve bends at once") {
  const float threshold = 0, ratio = 2, knee = 0;
  float x[] = {1, 2, 4, 0.5F, 1e-20F};
  dsp::compress({{&threshold, true}, {&ratio, true}, {&knee, true}}, 6, x, 5);
  CHECK(x[0] == 0);
  CHECK(x[1] == 3);
  CHECK(x[2] == 6);
  CHECK(x[3] == 0);
  CHECK(x[4] == 0);
}
