// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>

namespace perigee::dsp {

/// The part of the way to its target that an exponential goes in one frame, 1 − e^(−1/frames), so that 1 −
/// 1/e of it is covered after so many frames. As 1 − 1/(Taylor's series of e^u to degree 4): nothing cancels
/// when the time is long, and it tends to 1 when the time tends to none. Within 0.1 % from 2 frames up.
inline double part_of_way(double frames) {
  const double u = 1 / std::max(frames, 1e-3);
  const double grown = u * (1 + u * (1.0 / 2 + u * (1.0 / 6 + u / 24)));
  return grown / (1 + grown);
}

}  // namespace perigee::dsp
