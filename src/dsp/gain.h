// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A level in dB.

#pragma once

#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

/// The factor of the last level that stood still.
struct GainState {
  float level = 0;
  float factor = 1;
};
using GainLane = Lane<GainState, 1>;  ///< level

/// out = in·10^(level/20), relative error 3e-7; −120 dB and below is silence. False when something came out
/// that is not finite. `same`: the last call was with these lanes, and no number has been set since.
/// Wait-free, any thread.
bool gain(std::span<const GainLane> lanes, int frames, bool same = false) noexcept;

/// What gain() multiplies by. Any thread.
float gain_factor(float level) noexcept;

}  // namespace perigee::dsp
