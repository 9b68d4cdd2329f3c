// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/bounds.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/bounds.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

bool AllWithin(const float* samples, std::size_t count, Bounds bounds) {
  const hn::ScalableTag<float> tag;
  const std::size_t width = hn::Lanes(tag);
  const auto min = hn::Set(tag, bounds.min), max = hn::Set(tag, bounds.max);
  auto inside = hn::Eq(min, min);
  std::size_t i = 0;
  for (; i + width <= count; i += width) {
    const auto x = hn::LoadU(tag, samples + i);
    inside = hn::And(inside, hn::And(hn::Ge(x, min), hn::Le(x, max)));
  }
  bool rest = true;
  for (; i < count; ++i) rest = rest && samples[i] >= bounds.min && samples[i] <= bounds.max;
  return rest && hn::AllTrue(tag, inside);
}

// By comparisons, not by the processor's minimum and maximum: those choose between zeros of both signs by
// their places, and let NaN through.
void HoldWithin(const float* in, float* out, std::size_t count, Bounds bounds) {
  const hn::ScalableTag<float> tag;
  const std::size_t width = hn::Lanes(tag);
  const auto min = hn::Set(tag, bounds.min), max = hn::Set(tag, bounds.max);
  std::size_t i = 0;
  for (; i + width <= count; i += width) {
    const auto x = hn::LoadU(tag, in + i);
    const auto below = hn::IfThenElse(hn::Le(x, max), x, max);
    hn::StoreU(hn::IfThenElse(hn::Ge(x, min), below, min), tag, out + i);
  }
  for (; i < count; ++i) out[i] = bounds.held(in[i]);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(AllWithin);
HWY_EXPORT(HoldWithin);

bool all_within(const float* samples, std::size_t count, Bounds bounds) noexcept {
  return HWY_DYNAMIC_DISPATCH(AllWithin)(samples, count, bounds);
}

void hold_within(const float* in, float* out, std::size_t count, Bounds bounds) noexcept {
  HWY_DYNAMIC_DISPATCH(HoldWithin)(in, out, count, bounds);
}

}  // namespace perigee::dsp
#endif
