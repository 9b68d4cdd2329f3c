// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/crossfade.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "dsp/frames.h"

using namespace perigee;

TEST_CASE("a crossfade goes along half a cosine, at one amplitude or one power, however it is cut") {
  const std::uint64_t seed = 20261121;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int run = 0; run < 200; ++run) {
    const dsp::Crossfade fade{1 + static_cast<int>(random() % 5000), random() % 2 == 0};
    CAPTURE(fade.length);
    CAPTURE(fade.linear);
    double off = 0;
    for (int at = 0; at < fade.length;) {
      float from[kChunk], to[kChunk];
      const int frames = std::min(1 + static_cast<int>(random() % kChunk), fade.length - at);
      dsp::gains_of(fade, at, frames, from, to);
      for (int i = 0; i < frames; ++i, ++at) {
        const double time = (at + 1.0) / (fade.length + 1.0);
        const double part = 0.5 - 0.5 * std::cos(std::numbers::pi * time);
        const double turn = std::numbers::pi / 2 * part;
        const double first = fade.linear ? 1 - part : std::cos(turn);
        const double second = fade.linear ? part : std::sin(turn);
        off = std::max({off, std::abs(static_cast<double>(from[i]) - first),
                        std::abs(static_cast<double>(to[i]) - second)});
        float one_from = 0, one_to = 0;
        dsp::gains_of(fade, at, 1, &one_from, &one_to);
        CHECK(one_from == from[i]);
        CHECK(one_to == to[i]);
      }
    }
    CHECK(off < 1e-6);  // some grains of a float near 1
  }
}
