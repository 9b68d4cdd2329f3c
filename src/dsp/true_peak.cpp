// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/true_peak.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/true_peak.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// Between each frame and the next: at ¼, at ½, and at ¾, which begins with that of the frame before.
struct Between {
  HWY_ALIGN float quarter[kChunk], half[kChunk], three_quarters[1 + kChunk];
};

/// Some vectors of frames, side by side in registers while all taps are gone through.
template <int vectors>
HWY_INLINE void interpolate(const QuarterFilter& filter, const float* line, int at, Between& to) {
  Wide quarter[vectors], half[vectors], three_quarters[vectors];
  unrolled<vectors>([&](auto v) PERIGEE_BODY { quarter[v] = half[v] = three_quarters[v] = Wide(0); });
  for (int k = 0; k < 2 * filter.reach; ++k) {
    const Wide to_quarter(filter.phases[0][static_cast<std::size_t>(k)]);
    const Wide to_half(filter.phases[1][static_cast<std::size_t>(k)]);
    const Wide to_three_quarters(filter.phases[2][static_cast<std::size_t>(k)]);
    unrolled<vectors>([&](auto v) PERIGEE_BODY {
      const Wide x = Wide::load(line + at + k + v * Wide::kCount);
      quarter[v] = muladd(to_quarter, x, quarter[v]);
      half[v] = muladd(to_half, x, half[v]);
      three_quarters[v] = muladd(to_three_quarters, x, three_quarters[v]);
    });
  }
  unrolled<vectors>([&](auto v) PERIGEE_BODY {
    quarter[v].store(to.quarter + at + v * Wide::kCount);
    half[v].store(to.half + at + v * Wide::kCount);
    three_quarters[v].store(to.three_quarters + 1 + at + v * Wide::kCount);
  });
}

/// |b|, or the top of the parabola through the three when b is the highest of them.
HWY_INLINE Wide top(Wide a, Wide b, Wide c) {
  const Wide height = abs(b), slope = a - c;
  const Wide rise = slope * (slope / muladd(Wide(8), abs(a - (b + b) + c), Wide(1e-30F)));
  const auto highest = hn::And(hn::Ge(height.v, abs(a).v), hn::Ge(height.v, abs(c).v));
  return height + Wide(hn::IfThenElseZero(highest, rise.v));
}

float RaisePeaks(const QuarterFilter& filter, const float* line, float before, int frames, float* peaks) {
  constexpr int kTile = 4 * Wide::kCount;
  Between between;
  between.three_quarters[0] = before;
  for (int i = 0; i < frames; i += kTile) {
    if (frames - i > Wide::kCount)
      interpolate<4>(filter, line, i, between);
    else
      interpolate<1>(filter, line, i, between);
  }
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const float* const at = line + filter.reach - 1 + i;
    const Wide now = Wide::load(at), next = Wide::load(at + 1);
    const Wide a = Wide::load(between.quarter + i), b = Wide::load(between.half + i);
    const Wide c = Wide::load(between.three_quarters + 1 + i);
    const Wide most = max(max(top(Wide::load(between.three_quarters + i), now, a), top(now, a, b)),
                          max(top(a, b, c), top(b, c, next)));
    max(Wide::load(peaks + i, count), most).store(peaks + i, count);
  });
  return between.three_quarters[frames];
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(RaisePeaks);

void TruePeak::raise(const QuarterFilter& filter, const float* in, int frames, float* peaks) {
  const int past = 2 * filter.reach - 1;
  std::copy_n(in, frames, line_.begin() + past);
  before_ = HWY_DYNAMIC_DISPATCH(RaisePeaks)(filter, line_.data(), before_, frames, peaks);
  std::copy_n(line_.begin() + frames, past, line_.begin());
}

}  // namespace perigee::dsp
#endif
