// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/mix.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

using Doubles = hn::ScalableTag<double>;
constexpr int kStep = static_cast<int>(hn::MaxLanes(Doubles()));
/// Vectors of frames that stay in registers while all signals are gone through.
constexpr int kTile = 8;

HWY_INLINE hn::Vec<Doubles> promote(const float* from) {
  return hn::PromoteTo(Doubles(), hn::LoadU(hn::Rebind<float, Doubles>(), from));
}

void Add(std::span<const float* const> signals, double* sums, int frames) {
  int at = 0;
  for (; at + kTile * kStep <= frames; at += kTile * kStep) {
    hn::Vec<Doubles> sum[kTile];
    unrolled<kTile>([&](auto k) PERIGEE_BODY { sum[k] = hn::Load(Doubles(), sums + at + k * kStep); });
    for (const float* signal : signals) {
      unrolled<kTile>([&](auto k)
                          PERIGEE_BODY { sum[k] = hn::Add(sum[k], promote(signal + at + k * kStep)); });
    }
    unrolled<kTile>([&](auto k) PERIGEE_BODY { hn::Store(sum[k], Doubles(), sums + at + k * kStep); });
  }
  for (const float* signal : signals)
    for (int i = at; i < frames; ++i) sums[i] += static_cast<double>(signal[i]);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Add);

void Mix::add(std::span<const float* const> signals, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Add)(signals, sums_, frames);
}

void Mix::take(float* out, int frames) noexcept {
  for (int i = 0; i < frames; ++i) out[i] = static_cast<float>(sums_[i]);
  std::fill_n(sums_, frames, 0.0);
}

}  // namespace perigee::dsp
#endif
