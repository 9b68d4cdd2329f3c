// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/frame_clock.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace perigee;

TEST_CASE("frames follow the clock, whatever the period, the drift and the look") {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto between = [&](double low, double high) {
      return std::uniform_real_distribution(low, high)(random);
    };
    const double rate = seed % 2 == 0 ? 48000 : 44100;
    const double period = std::floor(between(16, 2048));
    const double drift = between(-100e-6, 100e-6);
    const std::int64_t begin = 1'795'000'000'000'000'000;
    const auto truth = [&](double seconds) { return 1000 + seconds * rate * (1 + drift); };
    FrameClock clock;
    std::int64_t last_tag = 0;
    Frames last_frame = 0;
    for (double seconds = 0; seconds < 60; seconds += between(0.001, 0.05)) {
      // The engine's time stands at the end of the last period; the clock is read after it, mostly at once.
      const auto now = static_cast<Frames>(std::floor(truth(seconds) / period) * period);
      const double late = random() % 8 == 0 ? between(0, 0.1) : 0;
      seconds += late;
      clock.observe(now, begin + std::llround(seconds * 1e9), rate);
      if (seconds < 12) continue;
      // Up to a period behind, as nobody sees its very beginning; the drift of two windows.
      const double ahead = between(0, 1);
      const std::int64_t tag = begin + std::llround((seconds + ahead) * 1e9);
      const Frames frame = clock.at(tag);
      const double off = static_cast<double>(frame) - truth(seconds + ahead);
      const double drifts = 11 * std::abs(drift) * rate;
      CHECK(off > -period * 0.5 - drifts - 2);
      CHECK(off < drifts + 2);
      // Nor does it jump: two tags are as far apart as they say.
      const double apart = static_cast<double>(tag - last_tag) * 1e-9 * rate;
      if (last_tag != 0)
        CHECK(std::abs(static_cast<double>(frame - last_frame) - apart) < drifts + period * 0.3 + 2);
      last_tag = tag;
      last_frame = frame;
    }
  }
}

TEST_CASE("between observations that agree, frames are exact") {
  FrameClock clock;
  const std::int64_t begin = 1'795'000'000'000'000'000;
  for (int i = 0; i < 100; ++i) clock.observe(480 * i, begin + 10'000'000LL * i, 48000);
  for (int i = 0; i < 1000; ++i) CHECK(clock.at(begin + 1'000'000LL * i) == 48 * i);
}

TEST_CASE("another rate, and a clock that is set, are taken on") {
  FrameClock clock;
  const std::int64_t begin = 1'795'000'000'000'000'000, hour = 3'600'000'000'000;
  const auto run = [&](std::int64_t from, Frames frame, double rate) {
    for (int i = 0; i <= 1100; ++i)
      clock.observe(frame + static_cast<Frames>(i * rate / 100), from + 10'000'000LL * i, rate);
    return clock.at(from + 12'000'000'000) - frame - static_cast<Frames>(12 * rate);
  };
  CHECK(run(begin, 0, 48000) == 0);
  CHECK(run(begin + hour, 100, 96000) == 0);
  CHECK(run(begin + 3 * hour, 500, 96000) == 0);
  CHECK(run(begin, 700, 96000) == 0);
}
