// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/finite.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/finite.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// x − x is 0 for what is finite, and NaN for the rest; NaN survives any sum.
bool AllFinite(const float* samples, std::size_t count) {
  const hn::ScalableTag<float> tag;
  const std::size_t width = hn::Lanes(tag);
  auto doubt = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + width <= count; i += width) {
    const auto x = hn::LoadU(tag, samples + i);
    doubt = hn::Add(doubt, hn::Sub(x, x));
  }
  float rest = 0;
  for (; i < count; ++i) rest += samples[i] - samples[i];
  return hn::AllTrue(tag, hn::Eq(doubt, hn::Zero(tag))) && rest == 0;
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(AllFinite);

bool all_finite(const float* samples, std::size_t count) noexcept {
  return HWY_DYNAMIC_DISPATCH(AllFinite)(samples, count);
}

}  // namespace perigee::dsp
#endif
