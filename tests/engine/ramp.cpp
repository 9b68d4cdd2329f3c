// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/ramp.h"

#include <doctest/doctest.h>

using perigee::Curve;
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
