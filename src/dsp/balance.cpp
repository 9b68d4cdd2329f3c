// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/balance.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/balance.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

bool Balance(std::span<const BalanceLane> lanes, int frames) {
  Doubt<Wide> doubt;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const BalanceLane& lane = lanes[k];
    const Wide away(k % 2 == 0 ? 1.F : -1.F);
    for_frames(frames, [&](int i, int count) PERIGEE_BODY {
      const Wide gain = clamp(Wide(1) - away * Wide::of(lane.param[0], i, count), Wide(0), Wide(1));
      const Wide y = Wide::load(lane.in + i, count) * gain;
      y.store(lane.out[0] + i, count);
      doubt.look_at(y);
    });
  }
  return doubt.none();
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Balance);

bool balance(std::span<const BalanceLane> lanes, int frames) noexcept {
  return HWY_DYNAMIC_DISPATCH(Balance)(lanes, frames);
}

}  // namespace perigee::dsp
#endif
