// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// White noise to pink: power falls as 1/f. A sum of relaxations with time constants spread evenly on a
// logarithmic scale does (A. van der Ziel, "On the noise spectra of semi-conductor noise and of flicker
// effect", Physica 16, 1950); five first-order lowpasses and the last two frames, the form that P. Kellet
// gave on the music-dsp list (1999), are enough.
//
// Coefficients: least maximum of |20·log10|H(ω)| + 10·log10 ω| over 2π·20/192000 ≤ ω ≤ 2π·20000/44100, ω in
// radians a frame; found by iterated least squares with rising powers of the error (2 … 64): 0.058 dB. That
// range is 20 Hz to 20 kHz at every rate from 44.1 to 192 kHz, and as pink noise looks the same on every
// scale, one filter serves them all: even the level in hertz stays, for what white noise loses in density
// with the rate, the filter gains. Below 20 Hz it flattens: from 4 Hz at 44.1 kHz, 18 Hz at 192 kHz.

#pragma once

#include <array>

namespace perigee::dsp {

class Pink {
 public:
  /// One frame, from evenly spread noise of −1 … 1. Each octave carries −26 dB (mean square): an RMS level of
  /// −14 dB or so in all, with peaks that hardly ever leave −1 … 1.
  float next(float white) {
    float sum = kNow * white + kBefore * before_;
    before_ = white;
#pragma GCC unroll 5  // so that they stay in registers
    for (std::size_t k = 0; k < kSpeed.size(); ++k) {
      slow_[k] += kSpeed[k] * (white - slow_[k]);
      sum += kHeight[k] * slow_[k];
    }
    return kGain * sum;
  }

 private:
  /// White noise of −1 … 1 through |H|² = 1/ω has ln 2 / 3π in each octave; 10^−2.6 is wanted.
  static constexpr float kGain = 0.1848089F;
  static constexpr std::array<float, 5> kSpeed = {0.0005812057F, 0.003440101F, 0.01477509F, 0.06509441F,
                                                  0.3048268F};
  static constexpr std::array<float, 5> kHeight = {38.66778F, 8.836656F, 3.656875F, 2.057556F, 1.017583F};
  static constexpr float kNow = 0.3807914F, kBefore = 0.09910513F;

  std::array<float, 5> slow_ = {};
  float before_ = 0;
};

}  // namespace perigee::dsp
