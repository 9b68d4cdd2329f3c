// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/power.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace perigee;

TEST_CASE("exp2 is 2^x to float's grain, and exact at whole numbers") {
  double most = 0;
  for (double x = -125; x < 126; x += 0.000731) {
    const auto argument = static_cast<float>(x);
    most = std::max(most, std::abs(dsp::exp2(argument) / std::exp2(static_cast<double>(argument)) - 1));
  }
  MESSAGE("relative error " << most);
  CHECK(most < 2e-7);
  for (int k = -126; k <= 127; ++k) CHECK(dsp::exp2(static_cast<float>(k)) == std::ldexp(1.F, k));
}
