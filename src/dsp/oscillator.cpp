// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/oscillator.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/oscillator.cpp"
#include <hwy/foreach_target.h>

#include <algorithm>
#include <cmath>

#include "dsp/bandlimited_step-inl.h"
#include "dsp/phase-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

/// Cycles that a frame moves by, either way. Not moving at all is a step as sharp as any.
struct Stride {
  Wide size, inverse;
  int neighbours;
};
/// How many jumps or corners to either side of the nearest are in reach. Those that are not add exactly 0.
HWY_INLINE int neighbours(Wave wave, float largest_stride) {
  const float spacing = wave == Wave::square || wave == Wave::triangle ? 0.5F : 1;
  return static_cast<int>(kStepReach * largest_stride / spacing + 0.5F);
}
float size_of(double cycles) { return std::min(static_cast<float>(std::abs(cycles)), 0.5F); }
float inverse_of(float size) { return 1 / std::max(size, 1e-20F); }

/// What all waveforms get.
struct Place {
  Turns turn;
  Stride stride;
  Wide width;  ///< pulse
};

template <Wave wave>
HWY_INLINE Wide at(const Place& place);

template <>
HWY_INLINE Wide at<Wave::sine>(const Place& place) {
  return quarter_sine(fold(place.turn));
}

template <>
HWY_INLINE Wide at<Wave::saw>(const Place& place) {
  const Stride& stride = place.stride;
  const Wide d = nearest(place.turn);
  Wide sum = bandlimited_step(d * stride.inverse);
  for (int n = 1; n <= stride.neighbours; ++n) {
    const Wide away(static_cast<float>(n));  // beyond the nearest jump the naive parts of a pair cancel
    sum =
        sum + (bandlimited_step((d + away) * stride.inverse) + bandlimited_step((d - away) * stride.inverse));
  }
  return (d - sum) * 2.F;
}

template <>
HWY_INLINE Wide at<Wave::pulse>(const Place& place) {
  HWY_ALIGN Turn later[Wide::kCount];
  HWY_ALIGN float width[Wide::kCount];
  place.width.store(width);
  for (int i = 0; i < Wide::kCount; ++i) later[i] = turn_of(width[i]);
  const hn::RebindToUnsigned<Wide::Tag> tag;
  const Wide fall = at<Wave::saw>({hn::Sub(place.turn, hn::Load(tag, later)), place.stride, place.width});
  return fall - at<Wave::saw>(place) + muladd(Wide(2), place.width, Wide(-1));
}

template <>
HWY_INLINE Wide at<Wave::square>(const Place& place) {
  const Stride& stride = place.stride;
  const Wide d = fold(place.turn);  // from the nearest edge, which always rises so
  Wide sum = bandlimited_step(d * stride.inverse);
  float sign = -1;
  for (int n = 1; n <= stride.neighbours; ++n, sign = -sign) {
    const Wide away(0.5F * static_cast<float>(n));
    sum = sum + Wide(sign) * (bandlimited_step((d + away) * stride.inverse) +
                              bandlimited_step((d - away) * stride.inverse));
  }
  return sum * 2.F;
}

template <>
HWY_INLINE Wide at<Wave::triangle>(const Place& place) {
  const Stride& stride = place.stride;
  const Wide top = fold(place.turn);
  const Wide d = fold(hn::Sub(place.turn, turns(1U << 30U)));  // from the nearest corner, whatever its sign
  Wide sum = bandlimited_corner(d * stride.inverse);
  float sign = -1;
  for (int n = 1; n <= stride.neighbours; ++n, sign = -sign) {
    const Wide away(0.5F * static_cast<float>(n));
    sum = sum + Wide(sign) * (bandlimited_corner((d + away) * stride.inverse) +
                              bandlimited_corner((d - away) * stride.inverse));
  }
  // Its slope changes by 8 at each corner.
  return negmuladd(copysign(Wide(8) * stride.size, top), sum, Wide(4) * top);
}

void keep_still(const OscillatorLane& lane, double rate) {
  const float hz = *lane.param[0].data, offset = *lane.param[1].data;
  OscillatorState& state = *lane.state;
  if (hz == state.hz && offset == state.offset) return;
  const double cycles = static_cast<double>(hz) / rate;
  state.hz = hz;
  state.offset = offset;
  state.size = size_of(cycles);
  state.inverse = inverse_of(state.size);
  state.step = step_of(cycles);
  state.away = std::uint64_t{turn_of(offset)} << 32U;
  for (unsigned i = 0; i < std::size(state.ahead); ++i) state.ahead[i] = i * state.step;
}

/// The usual case: neither pitch nor offset moves, and the state knows them.
template <Wave wave>
HWY_INLINE void run_steady(const OscillatorLane& lane, int frames) {
  OscillatorState& state = *lane.state;
  const Stride stride{Wide(state.size), Wide(state.inverse), neighbours(wave, state.size)};
  Steady place(state.turns + state.away, state.step, state.ahead);
  state.turns += state.step * static_cast<std::uint64_t>(frames);
  float* const out = lane.out[0];
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const Wide width = wave == Wave::pulse ? Wide::of(lane.param[2], i, count) : Wide(0);
    at<wave>({place.next(), stride, width}).store(out + i, count);
  });
}

template <Wave wave>
void run_gliding(const OscillatorLane& lane, double rate, int frames) {
  OscillatorState& state = *lane.state;
  HWY_ALIGN Turn turn[kChunk];
  HWY_ALIGN float size[kChunk], inverse[kChunk];
  float largest = 0;
  for (int i = 0; i < frames; ++i) {
    const double cycles = static_cast<double>(lane.param[0][i]) / rate;
    turn[i] = nearest_turn(state.turns) + turn_of(lane.param[1][i]);
    size[i] = size_of(cycles);
    inverse[i] = inverse_of(size[i]);
    largest = std::max(largest, size[i]);
    state.turns += step_of(cycles);
  }
  const bool has_width = wave == Wave::pulse;
  const int reach = neighbours(wave, largest);
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const Stride stride{Wide::load(size + i), Wide::load(inverse + i), reach};
    const Wide width = has_width ? Wide::of(lane.param[2], i, count) : Wide(0);
    at<wave>({hn::Load(hn::RebindToUnsigned<Wide::Tag>(), turn + i), stride, width})
        .store(lane.out[0] + i, count);
  });
}

bool glides(const OscillatorLane& lane) { return !lane.param[0].still || !lane.param[1].still; }

template <Wave wave>
void run(std::span<const OscillatorLane> lanes, double rate, int frames) {
  bool all_steady = true;
  for (const OscillatorLane& lane : lanes) {
    if (glides(lane))
      all_steady = false;
    else
      keep_still(lane, rate);
  }
  for (const OscillatorLane& lane : lanes)  // no calls, so that constants stay in registers
    if (all_steady || !glides(lane)) run_steady<wave>(lane, frames);
  if (!all_steady)
    for (const OscillatorLane& lane : lanes)
      if (glides(lane)) run_gliding<wave>(lane, rate, frames);
}

void Oscillate(Wave wave, std::span<const OscillatorLane> lanes, double rate, int frames) {
  switch (wave) {
    case Wave::sine:
      run<Wave::sine>(lanes, rate, frames);
      break;
    case Wave::saw:
      run<Wave::saw>(lanes, rate, frames);
      break;
    case Wave::square:
      run<Wave::square>(lanes, rate, frames);
      break;
    case Wave::triangle:
      run<Wave::triangle>(lanes, rate, frames);
      break;
    case Wave::pulse:
      run<Wave::pulse>(lanes, rate, frames);
      break;
  }
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Oscillate);

bool oscillate(Wave wave, std::span<const OscillatorLane> lanes, double rate, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Oscillate)(wave, lanes, rate, frames);
  return true;
}

}  // namespace perigee::dsp
#endif
