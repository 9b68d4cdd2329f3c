// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter's equations: see svf.h. Included once for each set of instructions.

#if defined(PERIGEE_DSP_SVF_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PERIGEE_DSP_SVF_INL_H_
#undef PERIGEE_DSP_SVF_INL_H_
#else
#define PERIGEE_DSP_SVF_INL_H_
#endif

#include "dsp/svf.h"
#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// How the states move, solved for the shortest way round: one product and two sums. `b`, `c` and `d` are
/// what a state changes by, not what is kept of it: near 0 Hz the one has all its digits, the other is
/// 0.99999….
template <class F>
struct Coefficients {
  F b, c, d;    ///< 2g/h, 2g(g + k)/h, 2g²/h, where h = 1 + g(g + k)
  F direct;     ///< of x
  F band, low;  ///< of s₁ + s₁′ and s₂ + s₂′
};

/// A lowpass is no more than its third output.
template <bool low_only, class F>
HWY_INLINE F tick(F& s1, F& s2, F x, const Coefficients<F>& a) {
  const F band = muladd(a.b, x, s1) - muladd(a.b, s2, a.c * s1);
  const F low = muladd(a.d, x, s2) + negmuladd(a.d, s2, a.b * s1);
  F y = a.low * (s2 + low);
  if constexpr (!low_only) y = muladd(a.direct, x, muladd(a.band, s1 + band, y));
  s1 = band;
  s2 = low;
  return y;
}

/// Half the cutoff's angle. sin/cos is g; as a pair it stays accurate up to half the rate, where g has a
/// pole.
template <class F>
struct Tuning {
  F sin, cos;
};

template <class F>
HWY_INLINE Tuning<F> tune(F cutoff, double rate) {
  const F x = clamp(cutoff, F(1), F(static_cast<float>(0.49 * rate))) * F(static_cast<float>(0.5 / rate));
  return {quarter_sine(x), quarter_sine(F(0.25F) - x)};
}

/// g = stretch·sin/cos, and what is heard of the three outputs: direct·x + band·band + low·low. Multiplied
/// through by cos², so that nothing is divided by a small number.
template <class F>
HWY_INLINE Coefficients<F> solve(Tuning<F> tuning, F stretch, F k, F direct, F band, F low) {
  const F sin = stretch * tuning.sin, cos = tuning.cos;
  const F scale = F(2) / muladd(cos, cos, muladd(sin, sin, k * sin * cos));
  const F b = scale * sin * cos, d = scale * sin * sin;
  return {b, muladd(k, b, d), d, direct, F(0.5F) * band, F(0.5F) * low};
}

/// The fourth root of a gain in dB, ±60: the cookbook's √A.
template <class F>
HWY_INLINE F root(F gain) {
  return exp2(F(0.25F * 0.166096404744368F) * clamp(gain, F(-60), F(60)));
}

template <class F>
HWY_INLINE Coefficients<F> coefficients(Response response, Tuning<F> tuning, F gain, F q) {
  const F one(1), zero(0), k = one / clamp(q, F(0.1F), F(100));
  switch (response) {
    case Response::lowpass:
      break;
    case Response::highpass:
      return solve(tuning, one, k, one, zero - k, zero - one);
    case Response::bandpass:  // 0 dB at its peak
      return solve(tuning, one, k, zero, k, zero);
    case Response::notch:
      return solve(tuning, one, k, one, zero - k, zero);
    case Response::allpass:
      return solve(tuning, one, k, one, zero - (k + k), zero);
    case Response::peak: {
      const F r = root(gain), a = r * r, narrow = k / a;
      return solve(tuning, one, narrow, one, narrow * (a * a - one), zero);
    }
    case Response::lowshelf: {
      const F r = root(gain), a = r * r;
      return solve(tuning, one / r, k, one, k * (a - one), a * a - one);
    }
    case Response::highshelf: {
      const F r = root(gain), a = r * r;
      return solve(tuning, r, k, a * a, k * (one - a) * a, one - a * a);
    }
  }
  return solve(tuning, one, k, zero, zero, one);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PERIGEE_DSP_SVF_INL_H_
