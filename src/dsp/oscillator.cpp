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

/// Edges: two to a cycle, half of it apart, or one.
constexpr bool has_pairs(Wave wave) { return wave == Wave::square || wave == Wave::triangle; }

/// Cycles that a frame moves by, either way. Not moving at all is a step as sharp as any.
struct Stride {
  Wide size, inverse;
  int neighbours;
};
/// How many jumps or corners to either side of the nearest are in reach. Those that are not add exactly 0.
HWY_INLINE int neighbours(Wave wave, float largest_stride) {
  const float spacing = has_pairs(wave) ? 0.5F : 1;
  return static_cast<int>(kStepReach * largest_stride / spacing + 0.5F);
}
float size_of(double cycles) { return std::min(static_cast<float>(std::abs(cycles)), 0.5F); }
float inverse_of(float size) { return 1 / std::max(size, 1e-20F); }

/// Of a pulse.
struct Width {
  Wide cycles;
  Turns turn;
};

/// What all waveforms get.
struct Place {
  Turns turn;
  Stride stride;
  Width width;
};

/// What jumps and bends in a waveform, x frames from its middle.
struct Edges {
  HWY_INLINE Wide step(Wide x) const { return bandlimited_step(x); }
  HWY_INLINE Wide corner(Wide x) const { return bandlimited_corner(x); }
};

/// The same, as long as none is in reach: a polynomial of ±kStepReach, which is a constant.
struct FarEdges {
  HWY_INLINE FarEdges()
      : one_step(bandlimited_step(Wide(kStepReach))), one_corner(bandlimited_corner(Wide(kStepReach))) {}
  HWY_INLINE Wide step(Wide x) const { return copysign(one_step, x); }
  HWY_INLINE Wide corner(Wide) const { return one_corner; }
  Wide one_step, one_corner;
};

/// Turns to where an edge is in reach, and a little more; kHalfTurn when there is always one.
template <Wave wave>
HWY_INLINE Turn reach_of(const OscillatorState& state) {
  return has_pairs(wave) ? std::min(state.reach, kHalfTurn / 2) * 2 : state.reach;
}

/// Frames that are.
template <Wave wave>
HWY_INLINE hn::Mask<Wide::Tag> near_edges(Turns turn, Turns width, Turns reach) {
  const auto within = [reach](Turns from_edge) PERIGEE_BODY {
    return hn::RebindMask(Wide::Tag(), hn::Lt(hn::Add(from_edge, reach), hn::Add(reach, reach)));
  };
  switch (wave) {
    case Wave::sine:
    case Wave::saw:
      break;
    case Wave::pulse:
      return hn::Or(within(turn), within(hn::Sub(turn, width)));
    case Wave::square:
      return within(hn::Add(turn, turn));
    case Wave::triangle:
      turn = hn::Sub(turn, turns(1U << 30U));
      return within(hn::Add(turn, turn));
  }
  return within(turn);
}

template <Wave wave, class E>
HWY_INLINE Wide at(const Place& place, const E& edges) {
  const Stride& stride = place.stride;
  if constexpr (wave == Wave::sine) {
    return quarter_sine(fold(place.turn));
  } else if constexpr (wave == Wave::saw) {
    const Wide d = nearest(place.turn);
    Wide sum = edges.step(d * stride.inverse);
    for (int n = 1; n <= stride.neighbours; ++n) {
      const Wide away(static_cast<float>(n));  // beyond the nearest jump the naive parts of a pair cancel
      sum = sum + (edges.step((d + away) * stride.inverse) + edges.step((d - away) * stride.inverse));
    }
    return (d - sum) * 2.F;
  } else if constexpr (wave == Wave::pulse) {
    const Wide fall = at<Wave::saw>({hn::Sub(place.turn, place.width.turn), stride, place.width}, edges);
    return fall - at<Wave::saw>(place, edges) + muladd(Wide(2), place.width.cycles, Wide(-1));
  } else if constexpr (wave == Wave::square) {
    const Wide d = fold(place.turn);  // from the nearest edge, which always rises so
    Wide sum = edges.step(d * stride.inverse);
    float sign = -1;
    for (int n = 1; n <= stride.neighbours; ++n, sign = -sign) {
      const Wide away(0.5F * static_cast<float>(n));
      sum = sum +
            Wide(sign) * (edges.step((d + away) * stride.inverse) + edges.step((d - away) * stride.inverse));
    }
    return sum * 2.F;
  } else {
    const Wide top = fold(place.turn);
    const Wide d = fold(hn::Sub(place.turn, turns(1U << 30U)));  // from the nearest corner, whatever its sign
    Wide sum = edges.corner(d * stride.inverse);
    float sign = -1;
    for (int n = 1; n <= stride.neighbours; ++n, sign = -sign) {
      const Wide away(0.5F * static_cast<float>(n));
      sum = sum + Wide(sign) *
                      (edges.corner((d + away) * stride.inverse) + edges.corner((d - away) * stride.inverse));
    }
    // Its slope changes by 8 at each corner.
    return negmuladd(copysign(Wide(8) * stride.size, top), sum, Wide(4) * top);
  }
}

bool is_kept(const OscillatorLane& lane) {
  return *lane.param[0].data == lane.state->hz && *lane.param[1].data == lane.state->offset;
}

void keep(const OscillatorLane& lane, double rate) {
  const float hz = *lane.param[0].data, offset = *lane.param[1].data;
  OscillatorState& state = *lane.state;
  const double cycles = static_cast<double>(hz) / rate;
  state.hz = hz;
  state.offset = offset;
  state.size = size_of(cycles);
  state.inverse = inverse_of(state.size);
  state.step = step_of(cycles);
  // Distances are rounded before they are compared.
  state.reach = static_cast<Turn>(std::min(kStepReach * 1.00001 * state.size * 0x1p32 + 1, 0x1p31));
  state.away = std::uint64_t{turn_of(offset)} << 32U;
  for (unsigned i = 0; i < std::size(state.ahead); ++i) state.ahead[i] = i * state.step;
}

bool glides(const OscillatorLane& lane) { return !lane.param[0].still || !lane.param[1].still; }

template <Wave wave>
HWY_INLINE Width width_of(const OscillatorLane& lane, int i, int count) {
  const LaneControl& width = lane.param[2];
  if (wave != Wave::pulse) return {Wide(0), turns(0)};
  if (width.still) return {Wide(*width.data), turns(turn_of(*width.data))};
  HWY_ALIGN Turn turn[Wide::kCount] = {};
  for (int k = 0; k < std::min(count, Wide::kCount); ++k) turn[k] = turn_of(width.data[i + k]);
  return {Wide::load(width.data + i, count), hn::Load(hn::RebindToUnsigned<Wide::Tag>(), turn)};
}

/// Vectors of frames of some lanes that wait for their edges. They are noted and found without a branch for
/// each: edges come when they like, and nobody can guess them.
class Waiting {
 public:
  static constexpr std::size_t kLanes = 64;

  /// A vector waits if any of its frames does.
  HWY_INLINE void note(std::size_t lane, int at, hn::Mask<Wide::Tag> frames) {
    hn::StoreMaskBits(Wide::Tag(), frames, bits_ + (lane * kVectors + index_of(at)) * kBytes);
  }
  HWY_INLINE void note_all(std::size_t lane, int frames) {
    std::memset(bits_ + lane * kVectors * kBytes, 0xff, (index_of(frames - 1) + 1) * kBytes);
  }
  /// body(lane, at)
  template <class Body>
  HWY_INLINE void for_each(const Body& body) {
    using Masks = std::conditional_t<kBytes == 2, std::uint16_t, std::uint8_t>;
    const hn::ScalableTag<Masks> masks;
    constexpr std::size_t kAtOnce = hn::MaxLanes(masks);
    for (std::size_t first = 0; first < kLanes * kVectors; first += kAtOnce) {
      std::uint64_t some = 0;
      const auto waits = hn::Load(masks, reinterpret_cast<const Masks*>(bits_) + first);
      hn::StoreMaskBits(masks, hn::Ne(waits, hn::Zero(masks)), reinterpret_cast<std::uint8_t*>(&some));
      for (; some != 0; some &= some - 1) {
        const std::size_t i = first + hwy::Num0BitsBelowLS1Bit_Nonzero64(some);
        body(i / kVectors, static_cast<int>(i % kVectors) * Wide::kCount);
      }
    }
  }

 private:
  static constexpr std::size_t kVectors = kChunk / Wide::kCount, kBytes = (Wide::kCount + 7) / 8;
  static std::size_t index_of(int frame) { return static_cast<unsigned>(frame) / Wide::kCount; }

  HWY_ALIGN std::uint8_t bits_[kLanes * kVectors * kBytes] = {};
};

/// The usual case: neither pitch nor offset moves, and the state knows them. Most frames are far from all
/// edges; where they are not, it is done again.
template <Wave wave>
void run_steady(std::span<const OscillatorLane> lanes, int frames) {
  Waiting waiting;
  const FarEdges far;
  for (std::size_t l = 0; l < lanes.size(); ++l) {
    const OscillatorLane& lane = lanes[l];
    if (glides(lane)) continue;
    OscillatorState& state = *lane.state;
    Steady place(state.turns + state.away, state.step, state.ahead);
    state.turns += state.step * static_cast<std::uint64_t>(frames);
    const Turn reach = reach_of<wave>(state);
    if (wave != Wave::sine && reach == kHalfTurn) {
      waiting.note_all(l, frames);
      continue;
    }
    const Stride stride{Wide(state.size), Wide(state.inverse), 0};
    float* const out = lane.out[0];
    for_frames(frames, [&](int i, int count) PERIGEE_BODY {
      const Turns turn = place.next();
      const Width width = width_of<wave>(lane, i, count);
      at<wave>({turn, stride, width}, far).store(out + i, count);
      if (wave != Wave::sine) waiting.note(l, i, near_edges<wave>(turn, width.turn, turns(reach)));
    });
  }
  const Edges edges;
  waiting.for_each([&](std::size_t l, int i) PERIGEE_BODY {
    const OscillatorLane& lane = lanes[l];
    const OscillatorState& state = *lane.state;
    const std::uint64_t back = state.step * static_cast<std::uint64_t>(frames - i);
    Steady place(state.turns + state.away - back, state.step, state.ahead);
    const Stride stride{Wide(state.size), Wide(state.inverse), neighbours(wave, state.size)};
    const int count = std::min(frames - i, Wide::kCount);
    at<wave>({place.next(), stride, width_of<wave>(lane, i, count)}, edges).store(lane.out[0] + i, count);
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
  const int reach = neighbours(wave, largest);
  const Edges edges;
  for_frames(frames, [&](int i, int count) PERIGEE_BODY {
    const Stride stride{Wide::load(size + i), Wide::load(inverse + i), reach};
    at<wave>({hn::Load(hn::RebindToUnsigned<Wide::Tag>(), turn + i), stride, width_of<wave>(lane, i, count)},
             edges)
        .store(lane.out[0] + i, count);
  });
}

template <Wave wave>
void run(std::span<const OscillatorLane> lanes, double rate, int frames, bool same) {
  bool all_steady = true;
  for (const OscillatorLane& lane : lanes) {
    if (glides(lane))
      all_steady = false;
    else if (!same && !is_kept(lane))
      keep(lane, rate);
  }
  for (auto rest = lanes; !rest.empty();) {  // no calls inside, so that constants stay in registers
    const auto some = rest.first(std::min(rest.size(), Waiting::kLanes));
    run_steady<wave>(some, frames);
    rest = rest.subspan(some.size());
  }
  if (!all_steady)
    for (const OscillatorLane& lane : lanes)
      if (glides(lane)) run_gliding<wave>(lane, rate, frames);
}

void Oscillate(Wave wave, std::span<const OscillatorLane> lanes, double rate, int frames, bool same) {
  switch (wave) {
    case Wave::sine:
      run<Wave::sine>(lanes, rate, frames, same);
      break;
    case Wave::saw:
      run<Wave::saw>(lanes, rate, frames, same);
      break;
    case Wave::square:
      run<Wave::square>(lanes, rate, frames, same);
      break;
    case Wave::triangle:
      run<Wave::triangle>(lanes, rate, frames, same);
      break;
    case Wave::pulse:
      run<Wave::pulse>(lanes, rate, frames, same);
      break;
  }
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Oscillate);

bool oscillate(Wave wave, std::span<const OscillatorLane> lanes, double rate, int frames,
               bool same) noexcept {
  HWY_DYNAMIC_DISPATCH(Oscillate)(wave, lanes, rate, frames, same);
  return true;
}

}  // namespace perigee::dsp
#endif
