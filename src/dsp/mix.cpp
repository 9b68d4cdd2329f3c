// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/mix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/mix.cpp"
#include <hwy/foreach_target.h>

#include <cmath>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

using Doubles = hn::ScalableTag<double>;
using Halves = hn::Rebind<float, Doubles>;
using Double = hn::Vec<Doubles>;
constexpr int kStep = static_cast<int>(hn::MaxLanes(Doubles()));
/// Vectors of frames that stay in registers while all signals are gone through.
constexpr int kTile = 4, kTileFrames = kTile * Wide::kCount;

/// A whole tile. What is not finite stays so in a sum.
HWY_INLINE bool add_tile(std::span<const Product> products, int at, double* sum) {
  Double low[kTile], high[kTile];
  unrolled<kTile>([&](auto k) PERIGEE_BODY { low[k] = high[k] = hn::Zero(Doubles()); });
  for (const Product& product : products) {
    const float* const in = product.in + at;
    if (product.factors.empty()) {
      unrolled<kTile>([&](auto k) PERIGEE_BODY {
        const float* const from = in + k * Wide::kCount;
        low[k] = hn::Add(low[k], hn::PromoteTo(Doubles(), hn::LoadU(Halves(), from)));
        high[k] = hn::Add(high[k], hn::PromoteTo(Doubles(), hn::LoadU(Halves(), from + kStep)));
      });
      continue;
    }
    Wide y[kTile];
    unrolled<kTile>([&](auto k) PERIGEE_BODY { y[k] = Wide::load(in + k * Wide::kCount); });
    for (const float factor : product.factors)
      unrolled<kTile>([&](auto k) PERIGEE_BODY { y[k] = y[k] * Wide(factor); });
    unrolled<kTile>([&](auto k) PERIGEE_BODY {
      low[k] = hn::Add(low[k], hn::PromoteTo(Doubles(), hn::LowerHalf(Halves(), y[k].v)));
      high[k] = hn::Add(high[k], hn::PromoteTo(Doubles(), hn::UpperHalf(Halves(), y[k].v)));
    });
  }
  Double doubt = hn::Zero(Doubles());
  unrolled<kTile>([&](auto k) PERIGEE_BODY {
    double* const to = sum + at + k * Wide::kCount;
    hn::StoreU(low[k], Doubles(), to);
    hn::StoreU(high[k], Doubles(), to + kStep);
    doubt = hn::Or(doubt, hn::Or(hn::Sub(low[k], low[k]), hn::Sub(high[k], high[k])));
  });
  return hn::AllTrue(Doubles(), hn::Eq(doubt, hn::Zero(Doubles())));
}

bool AddUp(std::span<const Product> products, double* sum, int frames) {
  bool finite = true;
  int at = 0;
  for (; at + kTileFrames <= frames; at += kTileFrames) {
    const bool good = add_tile(products, at, sum);
    finite = finite && good;
  }
  for (; at < frames; ++at) {
    sum[at] = 0;
    for (const Product& product : products) {
      float y = product.in[at];
      for (const float factor : product.factors) y *= factor;
      sum[at] += static_cast<double>(y);
    }
    finite = finite && std::isfinite(sum[at]);
  }
  return finite;
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(AddUp);

bool add_up(std::span<const Product> products, double* sum, int frames) noexcept {
  return HWY_DYNAMIC_DISPATCH(AddUp)(products, sum, frames);
}

}  // namespace perigee::dsp
#endif
