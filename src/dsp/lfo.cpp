// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lfo.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/lfo.cpp"
#include <hwy/foreach_target.h>

#include "dsp/phase-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

template <Shape shape>
HWY_INLINE Wide at(Turns turn) {
  if constexpr (shape == Shape::sine) return quarter_sine(fold(turn));
  if constexpr (shape == Shape::triangle) return Wide(4) * fold(turn);
  if constexpr (shape == Shape::saw) return Wide(2) * nearest(hn::Sub(turn, turns(kHalfTurn)));
  if constexpr (shape == Shape::square) return copysign(Wide(1), nearest(turn));
}

std::uint64_t still_step(LfoState& state, float hz, double rate) {
  if (hz != state.hz) state = {state.turns, hz, step_of(static_cast<double>(hz) / rate)};
  return state.step;
}

template <Shape shape>
HWY_INLINE void run_steady(std::uint64_t start, std::uint64_t step, float* out, int frames) {
  Steady place(start, step);
  for_frames(frames, [&](int i, int count) PERIGEE_BODY { at<shape>(place.next()).store(out + i, count); });
}

template <Shape shape>
void run_gliding(const LfoLane& lane, double rate, double cycles, int frames) {
  HWY_ALIGN Turn turn[kChunk];
  for (int i = 0; i < frames; ++i) {
    turn[i] = nearest_turn(lane.state->turns) + turn_of(lane.param[1][i]);
    lane.state->turns += step_of(cycles != 0 ? cycles : static_cast<double>(lane.param[0][i]) / rate);
  }
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    at<shape>(hn::Load(hn::RebindToUnsigned<Wide::Tag>(), turn + i)).store(lane.out[0] + i, count);
  });
}

template <Shape shape>
void run(std::span<const LfoLane> lanes, double rate, double cycles, int frames) {
  const std::uint64_t in_step = step_of(cycles);
  for (const LfoLane& lane : lanes) {
    const LaneControl &hz = lane.param[0], &offset = lane.param[1];
    if ((cycles != 0 || hz.still) && offset.still) {
      const std::uint64_t step = cycles != 0 ? in_step : still_step(*lane.state, *hz.data, rate);
      const std::uint64_t start = lane.state->turns + (std::uint64_t{turn_of(*offset.data)} << 32U);
      run_steady<shape>(start, step, lane.out[0], frames);
      lane.state->turns += step * static_cast<std::uint64_t>(frames);
    } else {
      run_gliding<shape>(lane, rate, cycles, frames);
    }
  }
}

void Lfo(Shape shape, std::span<const LfoLane> lanes, double rate, double cycles, int frames) {
  switch (shape) {
    case Shape::sine:
      return run<Shape::sine>(lanes, rate, cycles, frames);
    case Shape::triangle:
      return run<Shape::triangle>(lanes, rate, cycles, frames);
    case Shape::saw:
      return run<Shape::saw>(lanes, rate, cycles, frames);
    case Shape::square:
      return run<Shape::square>(lanes, rate, cycles, frames);
  }
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Lfo);

void lfo(Shape shape, std::span<const LfoLane> lanes, double rate, double cycles, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Lfo)(shape, lanes, rate, cycles, frames);
}

}  // namespace perigee::dsp
#endif
