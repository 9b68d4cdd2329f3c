// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/gain.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/gain.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

template <class D>
HWY_INLINE Floats<D> factor(Floats<D> level) {
  const auto heard = hn::Gt(level.v, hn::Set(D(), -120.F));
  return hn::IfThenElseZero(heard, exp2(level * 0.166096404744368F).v);
}

/// The same way as a vector of levels.
float FactorOf(float level) { return hn::GetLane(factor(Floats<hn::CappedTag<float, 1>>(level)).v); }

bool Gain(std::span<const GainLane> lanes, int frames, bool same) {
  Doubt<Wide> doubt;
  for (const GainLane& lane : lanes) {
    const LaneControl& level = lane.param[0];
    const float* const in = lane.in;
    float* const out = lane.out[0];
    if (level.still) {
      GainState& state = *lane.state;
      if (!same && *level.data != state.level) state = {*level.data, FactorOf(*level.data)};
      const Wide gain(state.factor);
      for_frames(frames, [&](int at, int count) PERIGEE_BODY {
        const Wide y = Wide::load(in + at, count) * gain;
        y.store(out + at, count);
        doubt.look_at(y);
      });
    } else {
      for_frames(frames, [&](int at, int count) PERIGEE_BODY {
        const Wide y = Wide::load(in + at, count) * factor(Wide::load(level.data + at, count));
        y.store(out + at, count);
        doubt.look_at(y);
      });
    }
  }
  return doubt.none();
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Gain);
HWY_EXPORT(FactorOf);

bool gain(std::span<const GainLane> lanes, int frames, bool same) noexcept {
  return HWY_DYNAMIC_DISPATCH(Gain)(lanes, frames, same);
}

float gain_factor(float level) noexcept { return HWY_DYNAMIC_DISPATCH(FactorOf)(level); }

}  // namespace perigee::dsp
#endif
