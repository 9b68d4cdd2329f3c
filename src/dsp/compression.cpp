// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/compression.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/compression.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// log2 x of a normal number above 0: absolute error below 2e-7 between ½ and 2, elsewhere float's rounding.
/// 2·artanh((m − 1) / (m + 1)) to degree 7 over √½ ≤ m < √2, whose remainder is 4e-8.
HWY_INLINE Wide log2(Wide x) {
  const hn::RebindToSigned<Wide::Tag> integers;
  const auto bits = hn::BitCast(integers, x.v);
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::BitCast(integers, Wide(0.707106781F).v)));
  const Wide m = hn::BitCast(Wide::Tag(), hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  const Wide s = (m - 1) / (m + 1), y = s * s;
  Wide sum = muladd(y, Wide(0.412198583F), Wide(0.577078016F));
  sum = muladd(y, sum, Wide(0.961796694F));
  sum = muladd(y, sum, Wide(2.88539008F));
  return muladd(s, sum, hn::ConvertTo(Wide::Tag(), exponent));
}

/// `over` is dB above the threshold.
HWY_INLINE Wide taken_away(Wide over, Wide ratio, Wide knee) {
  const Wide half = knee * 0.5F, bend = clamp(over + half, Wide(0), knee);
  const Wide soft = bend * bend / max(knee + knee, Wide(2e-6F));
  return (Wide(1) - Wide(1) / ratio) * (soft + max(over - half, Wide(0)));
}

void Compress(const CompressionCurve& curve, float scale, float* x, int frames) {
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const Wide over = Wide(scale) * log2(Wide::load(x + i, count)) - Wide::of(curve.threshold, i, count);
    taken_away(over, Wide::of(curve.ratio, i, count), Wide::of(curve.knee, i, count)).store(x + i, count);
  });
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Compress);

void compress(const CompressionCurve& curve, float scale, float* x, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Compress)(curve, scale, x, frames);
}

}  // namespace perigee::dsp
#endif
