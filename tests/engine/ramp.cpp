// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/ramp.h"

#include <doctest/doctest.h>

#include <random>

using perigee::Curve;
using perigee::Frames;
using perigee::Ramp;

TEST_CASE("a ramp moves in equal steps and ends on its target") {
  Ramp ramp(1);
  ramp.go(100, 2, 10, Curve::linear);
  CHECK(ramp.at(99) == 1);
  for (int k = 0; k < 10; ++k) CHECK(ramp.at(100 + k) == doctest::Approx(1 + 0.1 * (k + 1)));
  CHECK(ramp.at(109) == 2);
  CHECK(ramp.at(1000) == 2);
}

TEST_CASE("no length: at once, from that frame on") {
  Ramp ramp(1);
  ramp.go(100, 2, 0, Curve::linear);
  CHECK(ramp.at(100) == 2);
}

TEST_CASE("a new ramp starts where the old one is") {
  Ramp ramp(0);
  ramp.go(0, 100, 100, Curve::linear);
  ramp.go(50, 0, 50, Curve::linear);
  CHECK(ramp.at(50) == doctest::Approx(49));
  CHECK(ramp.at(99) == 0);
}

TEST_CASE("an exponential ramp has equal ratios, and goes straight where it would cross zero") {
  Ramp ramp(100);
  ramp.go(0, 1600, 4, Curve::exponential);
  CHECK(ramp.at(0) == doctest::Approx(200));
  CHECK(ramp.at(1) == doctest::Approx(400));
  CHECK(ramp.at(3) == 1600);
  ramp.go(10, -1600, 2, Curve::exponential);
  CHECK(ramp.at(10) == doctest::Approx(0));
}

TEST_CASE("a ramp is never beyond its ends, whatever rounding and the range of floats make of it") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const float ends[] = {0.1F, 1, 0.99F, 20000, 96000, -0.99F, -80, 3e38F, -3e38F, 1e-30F, 1e30F, 1e-45F, 0};
  for (int i = 0; i < 20000; ++i) {
    const float from = ends[random() % std::size(ends)], to = ends[random() % std::size(ends)];
    const auto length = static_cast<Frames>(1 + random() % (random() % 2 == 0 ? 300 : 1U << 30U));
    Ramp ramp(from);
    ramp.go(0, to, length, random() % 2 == 0 ? Curve::linear : Curve::exponential);
    for (const Frames at : {Frames{0}, length / 2, length - 2, static_cast<Frames>(random() % length)}) {
      const float value = ramp.at(at);
      CAPTURE(from);
      CAPTURE(to);
      CAPTURE(length);
      CAPTURE(value);
      REQUIRE((value >= std::min(from, to) && value <= std::max(from, to)));
    }
  }
}

TEST_CASE("a straight line between the ends of what floats hold goes through the middle") {
  Ramp ramp(-3e38F);
  ramp.go(0, 3e38F, 4, Curve::linear);
  CHECK(ramp.at(1) == 0);
  CHECK(ramp.at(3) == 3e38F);
}
