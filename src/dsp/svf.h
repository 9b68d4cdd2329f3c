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

#include <algorithm>

#include "dsp/level.h"
#include "dsp/sine.h"

namespace perigee::dsp::svf {

/// Half the cutoff's angle. sin/cos is g; as a pair it stays accurate up to half the rate, where g has a
/// pole.
struct Tuning {
  float sin, cos;
};

/// Cutoffs in Hz to tunings, 1 Hz … 0.49 of the rate, relative error of g 3e-7 (1e-5 at 0.49).
class Tuner {
 public:
  explicit Tuner(double rate)
      : highest_(static_cast<float>(0.49 * rate)), half_cycles_(static_cast<float>(0.5 / rate)) {}
  Tuning operator()(float cutoff) const {
    const float x = std::clamp(cutoff, 1.F, highest_) * half_cycles_;
    return {quarter_sine(x), quarter_sine(0.25F - x)};
  }

 private:
  float highest_, half_cycles_;
};

/// How the states move, solved for the shortest way round: one product and two sums. `b`, `c` and `d` are
/// what a state changes by, not what is kept of it: near 0 Hz the one has all its digits, the other is
/// 0.99999….
struct Coefficients {
  float b, c, d;    ///< 2g/h, 2g(g + k)/h, 2g²/h, where h = 1 + g(g + k)
  float direct;     ///< of x
  float band, low;  ///< of s₁ + s₁′ and s₂ + s₂′
};

struct State {
  float s1 = 0, s2 = 0;

  float tick(float x, const Coefficients& a) {
    const float band = (s1 + a.b * x) - (a.b * s2 + a.c * s1);
    const float low = (s2 + a.d * x) + (a.b * s1 - a.d * s2);
    const float y = a.direct * x + (a.band * (s1 + band) + a.low * (s2 + low));
    s1 = band;
    s2 = low;
    return y;
  }
};

/// What is heard of the three outputs: direct·x + band·band + low·low.
struct Mix {
  float direct, band, low;
};

/// g = stretch·sin/cos. Multiplied through by cos², so that nothing is divided by a small number.
inline Coefficients solve(Tuning tuning, float stretch, float k, Mix mix) {
  const float sin = stretch * tuning.sin, cos = tuning.cos;
  const float scale = 2 / (cos * cos + sin * sin + k * sin * cos);
  const float b = scale * sin * cos, d = scale * sin * sin;
  return {b, d + k * b, d, mix.direct, 0.5F * mix.band, 0.5F * mix.low};
}

inline float damping(float q) { return 1 / std::clamp(q, 0.1F, 100.F); }
/// The fourth root of a gain in dB, ±60: the cookbook's √A.
inline float root(float gain) { return gain_of_db(0.25F * std::clamp(gain, -60.F, 60.F)); }

inline Coefficients lowpass(Tuning tuning, float q) { return solve(tuning, 1, damping(q), {0, 0, 1}); }
inline Coefficients highpass(Tuning tuning, float q) {
  const float k = damping(q);
  return solve(tuning, 1, k, {1, -k, -1});
}
/// 0 dB at its peak.
inline Coefficients bandpass(Tuning tuning, float q) {
  const float k = damping(q);
  return solve(tuning, 1, k, {0, k, 0});
}
inline Coefficients notch(Tuning tuning, float q) {
  const float k = damping(q);
  return solve(tuning, 1, k, {1, -k, 0});
}
inline Coefficients allpass(Tuning tuning, float q) {
  const float k = damping(q);
  return solve(tuning, 1, k, {1, -2 * k, 0});
}
inline Coefficients peak(Tuning tuning, float gain, float q) {
  const float r = root(gain), a = r * r, k = damping(q) / a;
  return solve(tuning, 1, k, {1, k * (a * a - 1), 0});
}
inline Coefficients lowshelf(Tuning tuning, float gain, float q) {
  const float r = root(gain), a = r * r, k = damping(q);
  return solve(tuning, 1 / r, k, {1, k * (a - 1), a * a - 1});
}
inline Coefficients highshelf(Tuning tuning, float gain, float q) {
  const float r = root(gain), a = r * r, k = damping(q);
  return solve(tuning, r, k, {a * a, k * (1 - a) * a, 1 - a * a});
}

}  // namespace perigee::dsp::svf
