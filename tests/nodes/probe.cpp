// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>

#include "support/rig.h"

using namespace perigee::test;

TEST_CASE("probe reads least, greatest and root mean square of all lanes, and passes the signal through") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    auto in = white_noise(1 + seed % 3, 5000, seed);
    if (seed > 5)  // one sign only: a start value must not show
      for (auto& lane : in)
        for (auto& x : lane) x = std::abs(x) + 0.25F;
    float least = in[0][0], greatest = in[0][0];
    long double squares = 0;
    for (const auto& lane : in)
      for (const float x : lane) {
        least = std::min(least, x);
        greatest = std::max(greatest, x);
        squares += static_cast<long double>(x) * x;
      }
    const auto rms = static_cast<float>(std::sqrt(squares / (5000.0L * static_cast<long double>(in.size()))));
    const Rig rig{.kind = "probe", .in = {in}};
    CHECK(identical(rig.run(5000)[0], in));
    for (const Split split : splits()) {
      const auto readings = rig.readings(5000, split);
      CHECK(readings[0] == least);
      CHECK(readings[1] == greatest);
      CHECK(readings[2] == doctest::Approx(rms).epsilon(1e-7));  // one rounding to float
    }
  }
}
