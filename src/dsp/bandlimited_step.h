// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A step and a corner without what lies above the sample rate's half: what jumps and bends in a waveform are
// made of.
//
// The step is the integral of a kernel h(x), x in samples, 8 samples wide and even, a polynomial h = Σ c_j
// T_j(y) in y = x²/8 − 1 (T_j: Chebyshev; j = 0 … 8), so that the integrals are polynomials as well: no
// tables. The c_j are the linear program: least maximum of |H(f)| / f over 0.6598 ≤ f ≤ 12 (a saw's harmonics
// fall with f, so do their aliases), such that |H(f) − 1| ≤ 0.0292 (0.25 dB) over 0 ≤ f ≤ 0.3402, H(0) = 1
// and h(±4) = 0; H is h's Fourier transform, f a part of the sample rate. The edges are 15 kHz and its alias
// at 44.1 kHz. Found: |H(f)| / f ≤ −52.9 dB.
//
// After E. Brandt, "Hard sync without aliasing", ICMC 2001 (steps band-limited by their integrated kernel),
// and V. Välimäki, J. Pekonen, J. Nam, "Perceptually informed synthesis of bandlimited classical waveforms
// using integrated polynomial interpolation", JASA 131, 2012 (a polynomial for it, and the corner as its
// second integral).

#pragma once

#include <algorithm>
#include <cmath>

namespace perigee::dsp {

/// Samples from a step or corner to where it ends.
inline constexpr float kStepReach = 4;

/// A unit step at x = 0, around its middle: from −½ to ½. S(x) = ∫₀ˣ h.
inline float bandlimited_step(float x) {
  x = std::clamp(x, -kStepReach, kStepReach);
  const float y = x * x * 0.125F - 1;
  float q = 0.0515182005F;
  q = q * y - 0.134266192F;
  q = q * y + 0.151656895F;
  q = q * y - 0.145757109F;
  q = q * y + 0.125754249F;
  q = q * y - 0.0570774429F;
  q = q * y + 0.0233701821F;
  q = q * y - 0.0632131135F;
  q = q * y + 0.173014331F;
  return x * q;
}

/// How a corner |x|/2, whose slope changes by 1 at x = 0, differs when band-limited: ∫S − |x|/2, 0 from |x| =
/// 4 on.
inline float bandlimited_corner(float x) {
  x = std::min(std::abs(x), kStepReach);
  const float y = x * x * 0.125F - 1;
  float p = 0.022896978F;
  p = p * y - 0.067133096F;
  p = p * y + 0.0866610828F;
  p = p * y - 0.0971714063F;
  p = p * y + 0.100603399F;
  p = p * y - 0.0570774429F;
  p = p * y + 0.0311602429F;
  p = p * y - 0.126426227F;
  p = p * y + 0.692057325F;
  p = p * y + 1.41442914F;
  return p - 0.5F * x;
}

}  // namespace perigee::dsp
