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

}  // namespace perigee::dsp
