// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace perigee::dsp {

/// 2^x, exact at whole numbers, relative error below 2e-7; the argument is held to −126 … 127. Taylor's
/// series of e^y to degree 7 over |y| ≤ ln 2 / 2, whose remainder is 5e-9.
inline float exp2(float x) {
  x = std::clamp(x, -126.F, 127.F);
  const float whole = std::floor(x + 0.5F);
  const float y = (x - whole) * 0.693147181F;
  const float part =
      1 +
      y * (1 + y * (1.F / 2 + y * (1.F / 6 + y * (1.F / 24 + y * (1.F / 120 + y * (1.F / 720 + y / 5040))))));
  return part * std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) << 23);
}

/// log2 x of a normal number above 0: absolute error below 2e-7 between ½ and 2, elsewhere float's rounding.
/// 2·artanh((m − 1) / (m + 1)) to degree 7 over √½ ≤ m < √2, whose remainder is 4e-8.
inline float log2(float x) {
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - std::bit_cast<std::int32_t>(0.707106781F)) >> 23;
  const auto m = std::bit_cast<float>(bits - exponent * (1 << 23));
  const float s = (m - 1) / (m + 1), y = s * s;
  return static_cast<float>(exponent) +
         s * (2.88539008F + y * (0.961796694F + y * (0.577078016F + y * 0.412198583F)));
}

}  // namespace perigee::dsp
