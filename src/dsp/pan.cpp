// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/pan.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/pan.cpp"
#include <hwy/foreach_target.h>

#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

template <class F>
struct Shares {
  F left, right;
};

template <class F>
HWY_INLINE Shares<F> placed(F position) {
  const F part = clamp(muladd(position, F(0.5F), F(0.5F)), F(0), F(1));
  return {quarter_sine(negmuladd(F(0.25F), part, F(0.25F))), quarter_sine(F(0.25F) * part)};
}

std::array<float, 2> Factors(float position) {
  const auto shares = placed(Floats<hn::CappedTag<float, 1>>(position));
  return {hn::GetLane(shares.left.v), hn::GetLane(shares.right.v)};
}

void keep_still(const PanLane& lane) {
  const float position = *lane.param[0].data;
  if (position == lane.state->position) return;
  const auto [left, right] = Factors(position);
  *lane.state = {position, left, right};
}

bool Pan(std::span<const PanLane> lanes, int frames, bool same) {
  if (!same)
    for (const PanLane& lane : lanes)
      if (lane.param[0].still) keep_still(lane);
  Doubt<Wide> doubt;
  for (const PanLane& lane : lanes) {
    const LaneControl& position = lane.param[0];
    const float* const in = lane.in;
    float *const left = lane.out[0], *const right = lane.out[1];
    const auto place = [&](int at, int count, const Shares<Wide>& shares) PERIGEE_BODY {
      const Wide x = Wide::load(in + at, count), to_left = x * shares.left, to_right = x * shares.right;
      to_left.store(left + at, count);
      to_right.store(right + at, count);
      doubt.look_at(to_left);
      doubt.look_at(to_right);
    };
    if (position.still) {
      const Shares<Wide> shares{Wide(lane.state->left), Wide(lane.state->right)};
      for_frames(frames, [&](int at, int count) PERIGEE_BODY { place(at, count, shares); });
    } else {
      for_frames(frames, [&](int at, int count)
                             HWY_ATTR { place(at, count, placed(Wide::load(position.data + at, count))); });
    }
  }
  return doubt.none();
}

using Doubles = hn::ScalableTag<double>;
using Double = hn::Vec<Doubles>;

HWY_INLINE Double promote(const float* from) {
  return hn::PromoteTo(Doubles(), hn::LoadU(hn::Rebind<float, Doubles>(), from));
}

/// Eight vectors of frames, side by side in registers while all lanes are gone through.
constexpr int kTile = 4, kTileFrames = kTile * static_cast<int>(hn::MaxLanes(Doubles()));

HWY_INLINE void write(const Double (&sum)[kTile], float* to, int count, Doubt<Wide>& doubt) {
  HWY_ALIGN float part[kTileFrames];
  const hn::Rebind<float, Doubles> floats;
  unrolled<kTile>([&](auto k) PERIGEE_BODY {
    hn::Store(hn::DemoteTo(floats, sum[k]), floats, part + k * static_cast<int>(hn::MaxLanes(Doubles())));
  });
  for (int i = 0; i < count; i += Wide::kCount) {
    const Wide y = Wide::load(part + i, count - i);
    y.store(to + i, count - i);
    doubt.look_at(y);
  }
}

bool PanAndMix(std::span<const PanLane> lanes, int frames, bool same) {
  constexpr int kStep = static_cast<int>(hn::MaxLanes(Doubles()));
  Doubt<Wide> doubt;
  if (!same)
    for (const PanLane& lane : lanes)
      if (lane.param[0].still) keep_still(lane);
  for (int at = 0; at < frames; at += kTileFrames) {
    const int count = std::min(kTileFrames, frames - at);
    Double left[kTile], right[kTile];
    unrolled<kTile>([&](auto k) PERIGEE_BODY { left[k] = right[k] = hn::Zero(Doubles()); });
    for (const PanLane& lane : lanes) {
      // A whole tile, from a copy where there are not as many frames.
      HWY_ALIGN float copy[kTileFrames] = {}, to_left[kTileFrames], to_right[kTileFrames];
      const float* in = lane.in + at;
      if (count < kTileFrames) {
        std::memcpy(copy, in, static_cast<std::size_t>(count) * sizeof(float));
        in = copy;
      }
      const LaneControl& position = lane.param[0];
      if (position.still) {
        const Double l = hn::Set(Doubles(), static_cast<double>(lane.state->left));
        const Double r = hn::Set(Doubles(), static_cast<double>(lane.state->right));
        unrolled<kTile>([&](auto k) PERIGEE_BODY {  // a product of two floats is exact in double
          const Double x = promote(in + k * kStep);
          left[k] = hn::MulAdd(x, l, left[k]);
          right[k] = hn::MulAdd(x, r, right[k]);
        });
      } else {
        for (int i = 0; i < count; i += Wide::kCount) {
          const Shares<Wide> shares = placed(Wide::load(position.data + at + i, count - i));
          shares.left.store(to_left + i, count - i);
          shares.right.store(to_right + i, count - i);
        }
        std::fill(to_left + count, to_left + kTileFrames, 0.F);
        std::fill(to_right + count, to_right + kTileFrames, 0.F);
        unrolled<kTile>([&](auto k) PERIGEE_BODY {
          const Double x = promote(in + k * kStep);
          left[k] = hn::MulAdd(x, promote(to_left + k * kStep), left[k]);
          right[k] = hn::MulAdd(x, promote(to_right + k * kStep), right[k]);
        });
      }
    }
    write(left, lanes.front().out[0] + at, count, doubt);
    write(right, lanes.front().out[1] + at, count, doubt);
  }
  return doubt.none();
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Factors);
HWY_EXPORT(Pan);
HWY_EXPORT(PanAndMix);

bool pan(std::span<const PanLane> lanes, int frames, bool same) noexcept {
  return HWY_DYNAMIC_DISPATCH(Pan)(lanes, frames, same);
}

std::array<float, 2> pan_factors(float position) noexcept { return HWY_DYNAMIC_DISPATCH(Factors)(position); }

bool pan_and_mix(std::span<const PanLane> lanes, int frames, bool same) noexcept {
  return HWY_DYNAMIC_DISPATCH(PanAndMix)(lanes, frames, same);
}

}  // namespace perigee::dsp
#endif
