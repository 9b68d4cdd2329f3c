// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places between left and right, at equal power.

#pragma once

#include <array>
#include <limits>
#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

/// Of the last position that stood still.
struct PanState {
  float position = std::numeric_limits<float>::quiet_NaN();
  float left = 0, right = 0;
};
using PanLane = Lane<PanState, 1, 2>;  ///< position, −1 left … 1 right

/// Each lane to two outputs of its own: in·cos and in·sin of a quarter turn times (position + 1) / 2,
/// relative error 3e-7. False when something came out that is not finite. `same`: the last call was with
/// these lanes, and no number has been set since. Wait-free, any thread.
bool pan(std::span<const PanLane> lanes, int frames, bool same = false) noexcept;

/// What pan() multiplies by, left and right. Any thread.
std::array<float, 2> pan_factors(float position) noexcept;

/// All lanes to the two outputs of the first, added up in double. The same otherwise.
bool pan_and_mix(std::span<const PanLane> lanes, int frames, bool same = false) noexcept;

}  // namespace perigee::dsp
