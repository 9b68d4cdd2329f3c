// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Vectors as numbers, so that a kernel looks like its equation. Included once for each set of instructions,
// between foreach_target.h and the kernel.

#if defined(PERIGEE_DSP_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PERIGEE_DSP_VECTOR_INL_H_
#undef PERIGEE_DSP_VECTOR_INL_H_
#else
#define PERIGEE_DSP_VECTOR_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "dsp/lane.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Several floats at once: frames of one lane, or one frame of several lanes. D is Highway's tag for how
/// many.
template <class D>
struct Floats {
  using Tag = D;
  using V = hn::Vec<D>;
  static constexpr int kCount = static_cast<int>(hn::MaxLanes(D()));

  Floats() = default;
  HWY_INLINE Floats(V vector) : v(vector) {}
  HWY_INLINE Floats(float number) : v(hn::Set(D(), number)) {}

  friend HWY_INLINE Floats operator+(Floats a, Floats b) { return hn::Add(a.v, b.v); }
  friend HWY_INLINE Floats operator-(Floats a, Floats b) { return hn::Sub(a.v, b.v); }
  friend HWY_INLINE Floats operator*(Floats a, Floats b) { return hn::Mul(a.v, b.v); }
  friend HWY_INLINE Floats operator/(Floats a, Floats b) { return hn::Div(a.v, b.v); }
  /// a·b + c, rounded once where the processor can.
  friend HWY_INLINE Floats muladd(Floats a, Floats b, Floats c) { return hn::MulAdd(a.v, b.v, c.v); }
  /// c − a·b.
  friend HWY_INLINE Floats negmuladd(Floats a, Floats b, Floats c) { return hn::NegMulAdd(a.v, b.v, c.v); }
  friend HWY_INLINE Floats clamp(Floats x, Floats low, Floats high) {
    return hn::Min(hn::Max(x.v, low.v), high.v);
  }

  friend HWY_INLINE Floats min(Floats a, Floats b) { return hn::Min(a.v, b.v); }
  friend HWY_INLINE Floats max(Floats a, Floats b) { return hn::Max(a.v, b.v); }
  friend HWY_INLINE Floats abs(Floats x) { return hn::Abs(x.v); }
  /// As large as `size`, with the other's sign.
  friend HWY_INLINE Floats copysign(Floats size, Floats sign) { return hn::CopySign(size.v, sign.v); }

  /// The first `count` of a row, the rest 0.
  static HWY_INLINE Floats load(const float* from, int count = kCount) {
    if (kCount == 1 || count >= kCount) return hn::LoadU(D(), from);
    HWY_ALIGN float part[kCount] = {};
    std::memcpy(part, from, static_cast<std::size_t>(count) * sizeof(float));
    return hn::Load(D(), part);
  }
  /// The first `count` to a row.
  HWY_INLINE void store(float* to, int count = kCount) const {
    if (kCount == 1 || count >= kCount) {
      hn::StoreU(v, D(), to);
      return;
    }
    HWY_ALIGN float part[kCount];
    hn::Store(v, D(), part);
    std::memcpy(to, part, static_cast<std::size_t>(count) * sizeof(float));
  }
  /// A parameter at frames `at` … `at` + count − 1 of its lane.
  static HWY_INLINE Floats of(const LaneControl& control, int at, int count) {
    return control.still ? Floats(*control.data) : load(control.data + at, count);
  }

  /// The first `count`, the rest 0: what was made of frames that are not there does not count.
  HWY_INLINE Floats first(int count) const {
    if (count >= kCount) return *this;
    return hn::IfThenElseZero(hn::FirstN(D(), static_cast<std::size_t>(count)), v);
  }

  V v;
};

using Wide = Floats<hn::ScalableTag<float>>;

/// A lambda that for_frames calls: of no use unless it becomes a part of the loop.
#define PERIGEE_BODY HWY_ATTR __attribute__((always_inline))

/// body(0) … body(n − 1), each number a constant: only so do arrays of vectors stay in registers.
template <int n, class Body>
HWY_INLINE void unrolled(const Body& body) {
  const auto all = [&body]<int... i>(std::integer_sequence<int, i...>) PERIGEE_BODY {
    (body(std::integral_constant<int, i>()), ...);
  };
  all(std::make_integer_sequence<int, n>());
}

/// Calls body(at, count) for one vector of frames after the other; a whole chunk without a question asked.
template <class Body>
HWY_INLINE void for_frames(int frames, const Body& body) {
  if (frames == kChunk) {
    unrolled<kChunk / Wide::kCount>([&body](auto i) PERIGEE_BODY { body(i * Wide::kCount, Wide::kCount); });
  } else {
    for (int i = 0; i < frames; i += Wide::kCount) body(i, frames - i);
  }
}

/// Whether all that has been looked at was finite: x − x is 0 for what is, all bits of it, and NaN for the
/// rest. Bits are gathered faster than sums.
template <class F>
struct Doubt {
  HWY_INLINE Doubt() : bits(0) {}  // written out: what the compiler adds knows nothing of the instructions
  HWY_INLINE void look_at(F x) { bits = hn::Or(bits.v, hn::Sub(x.v, x.v)); }
  HWY_INLINE bool none() const { return hn::AllTrue(typename F::Tag(), hn::Eq(bits.v, F(0).v)); }
  F bits;
};

/// 2^x, exact at whole numbers, relative error below 2e-7; the argument is held to −126 … 127. Taylor's
/// series of e^y to degree 7 over |y| ≤ ln 2 / 2, whose remainder is 5e-9.
template <class D>
HWY_INLINE Floats<D> exp2(Floats<D> x) {
  using F = Floats<D>;
  const hn::RebindToSigned<D> integers;
  x = clamp(x, -126.F, 127.F);
  const auto whole = hn::Floor((x + 0.5F).v);
  const F y = (x - F(whole)) * 0.693147181F;
  F sum = muladd(y, 1.F / 5040, 1.F / 720);
  sum = muladd(y, sum, 1.F / 120);
  sum = muladd(y, sum, 1.F / 24);
  sum = muladd(y, sum, 1.F / 6);
  sum = muladd(y, sum, 1.F / 2);
  sum = muladd(y, sum, 1.F);
  sum = muladd(y, sum, 1.F);
  const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(integers, whole), hn::Set(integers, 127)));
  return sum * F(hn::BitCast(D(), exponent));
}

/// sin(2π·x) for at most a quarter cycle either way. Odd polynomial of degree 9, least maximum error (3.4e-9
/// before rounding; 1.2e-7 in float).
template <class D>
HWY_INLINE Floats<D> quarter_sine(Floats<D> x) {
  using F = Floats<D>;
  const F y = x * x;
  F sum = muladd(y, F(39.536704F), F(-76.549782F));
  sum = muladd(y, sum, F(81.601004F));
  sum = muladd(y, sum, F(-41.341655F));
  return x * muladd(y, sum, F(6.28318516F));
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PERIGEE_DSP_VECTOR_INL_H_
