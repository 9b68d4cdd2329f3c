// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The state-variable filter with trapezoidal integrators: A. Simper, "Solving the continuous SVF equations
// using trapezoidal integration and equivalent currents", 2013. With g = tan(π·cutoff/rate) and k = 1/q each
// frame solves
//
//   high = x − k·band − low     band = s₁ + g·high     low = s₂ + g·band     s₁′ = 2·band − s₁     s₂′ =
//   2·low − s₂
//
// so that s₁′² + s₂′² = s₁² + s₂² + 4g·band·(x − k·band): left alone, its energy only falls, whatever g and k
// are from one frame to the next. Hence cutoff and q may move at audio rate.
//
// The responses are those of R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".

#pragma once

#include <limits>
#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

enum class Response { lowpass, highpass, bandpass, notch, allpass, peak, lowshelf, highshelf };

/// A row of a cache line, so that many lanes' are turned into vectors at once.
struct alignas(64) SvfState {
  float s1 = 0, s2 = 0;
  float coefficients[6] = {};  ///< of the numbers that last stood still
  float numbers[3] = {std::numeric_limits<float>::quiet_NaN()};
};
/// Cutoff, Hz, 1 … 0.49 of the rate; gain, ±60 dB, of peak and shelves only; q, 0.1 … 100: always the last.
using SvfLane = Lane<SvfState, 3>;

/// Filters each lane. Relative error of g 3e-7 (1e-5 at 0.49 of the rate). False when something came out that
/// is not finite. `same`: the last call was with these lanes, and no number has been set since. Wait-free,
/// any thread.
bool svf(Response response, std::span<const SvfLane> lanes, double rate, int frames,
         bool same = false) noexcept;

}  // namespace perigee::dsp
