// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>

#include "support/rig.h"

using namespace perigee::test;

TEST_CASE("gain scales by its level in dB") {
  const auto in = white_noise(2, 1000, 1);
  for (const double level : {-100.0, -6.0, 0.0, 3.0, 24.0}) {
    CAPTURE(level);
    const auto out = Rig{.kind = "gain", .params = {{"level", level}}, .in = {in}}.run(1000)[0];
    auto expected = in;
    for (auto& lane : expected)
      for (auto& sample : lane) sample = static_cast<float>(sample * std::pow(10, level / 20));
    CHECK(difference_db(out, expected) < -120 + level);  // float rounding
  }
}

TEST_CASE("gain at its least is silence") {
  const auto out =
      Rig{.kind = "gain", .params = {{"level", -120.0}}, .in = {white_noise(1, 64, 1)}}.run(64)[0];
  CHECK(peak(out[0]) == 0);
}
