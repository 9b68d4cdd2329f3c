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
//
// Included once for each set of instructions.

#if defined(PERIGEE_DSP_BANDLIMITED_STEP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PERIGEE_DSP_BANDLIMITED_STEP_INL_H_
#undef PERIGEE_DSP_BANDLIMITED_STEP_INL_H_
#else
#define PERIGEE_DSP_BANDLIMITED_STEP_INL_H_
#endif

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// Samples from a step or corner to where it ends.
inline constexpr float kStepReach = 4;

/// A unit step at x = 0, around its middle: from −½ to ½. S(x) = ∫₀ˣ h.
template <class F>
HWY_INLINE F bandlimited_step(F x) {
  x = clamp(x, F(-kStepReach), F(kStepReach));
  const F y = muladd(x * x, F(0.125F), F(-1));
  F q(0.0515182005F);
  q = muladd(q, y, F(-0.134266192F));
  q = muladd(q, y, F(0.151656895F));
  q = muladd(q, y, F(-0.145757109F));
  q = muladd(q, y, F(0.125754249F));
  q = muladd(q, y, F(-0.0570774429F));
  q = muladd(q, y, F(0.0233701821F));
  q = muladd(q, y, F(-0.0632131135F));
  q = muladd(q, y, F(0.173014331F));
  return x * q;
}

/// How a corner |x|/2, whose slope changes by 1 at x = 0, differs when band-limited: ∫S − |x|/2, 0 from |x| =
/// 4 on.
template <class F>
HWY_INLINE F bandlimited_corner(F x) {
  x = min(abs(x), F(kStepReach));
  const F y = muladd(x * x, F(0.125F), F(-1));
  F p(0.022896978F);
  p = muladd(p, y, F(-0.067133096F));
  p = muladd(p, y, F(0.0866610828F));
  p = muladd(p, y, F(-0.0971714063F));
  p = muladd(p, y, F(0.100603399F));
  p = muladd(p, y, F(-0.0570774429F));
  p = muladd(p, y, F(0.0311602429F));
  p = muladd(p, y, F(-0.126426227F));
  p = muladd(p, y, F(0.692057325F));
  p = muladd(p, y, F(1.41442914F));
  return negmuladd(F(0.5F), x, p);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PERIGEE_DSP_BANDLIMITED_STEP_INL_H_
