// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cmath>

#include "dsp/sine.h"

namespace perigee::dsp {

/// The a of the low-pass y += a·(x − y) that is −3 dB at its cutoff, exactly: |H|² = a²/(a² + 2(1 − a)(1 −
/// cos w)) = ½ solved for a. `cycles` is cutoff/rate, at most ½.
inline float one_pole(float cycles) {
  const float s = quarter_sine(0.5F * cycles), t = 2 * s * s;  // 1 − cos w
  return std::sqrt(t * (t + 2)) - t;
}

}  // namespace perigee::dsp
