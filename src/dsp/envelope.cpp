// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/envelope.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/envelope.cpp"
#include <hwy/foreach_target.h>

#include <algorithm>

#include "dsp/phase-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

constexpr std::uint64_t kWhole = std::uint64_t{1} << 62U;
constexpr double kWholeReal = 0x1p62;

/// What a frame adds to a stage; rounded up, so that a stage of whole frames ends on its frame.
std::uint64_t step_in(float seconds, double rate) {
  const double frames = static_cast<double>(seconds) * rate;
  return frames > 1 ? static_cast<std::uint64_t>(kWholeReal / frames) + 1 : kWhole;
}
bool is_over(const EnvelopeState& now, float seconds) { return now.passed >= kWhole || seconds <= 0; }

/// The decay after an attack that ended between frames.
std::uint64_t passed_after(const EnvelopeState& before, float attack, float decay) {
  const auto late =
      static_cast<double>(std::max(before.passed, kWhole) - kWhole) * static_cast<double>(attack);
  const auto all = kWholeReal * static_cast<double>(decay);
  return late < all ? static_cast<std::uint64_t>(kWholeReal * (late / all)) : kWhole;
}

/// The stage that a frame is in.
void enter(const EnvelopeLane& lane, int at) {
  EnvelopeState& now = *lane.state;
  const float attack = lane.param[0][at], decay = lane.param[1][at], release = lane.param[3][at];
  const bool on = lane.in[at] > 0.5F;
  if (on != (now.stage != Stage::release))
    now = {on ? Stage::attack : Stage::release, now.level, now.level, 0};
  if (now.stage == Stage::attack && is_over(now, attack))
    now = {Stage::decay, 1, 1, passed_after(now, attack, decay)};
  if (now.stage == Stage::decay && is_over(now, decay)) now = {Stage::sustain, 1, 1, kWhole};
  if (now.stage == Stage::release && is_over(now, release)) now = {Stage::release, 0, 0, kWhole};
}

/// The next frame at which the gate is no longer as it is at this one, or `frames`.
int gate_changes(const float* gate, int at, int frames) {
  const bool on = gate[at] > 0.5F;
  for (int i = at; i < frames; i += Wide::kCount) {
    const auto high = hn::Gt(Wide::load(gate + i, frames - i).v, Wide(0.5F).v);
    const auto first = static_cast<int>(hn::FindFirstTrue(Wide::Tag(), on ? hn::Not(high) : high));
    if (first >= 0) return std::min(i + first, frames);
  }
  return frames;
}

/// How much of the way is left where so much of a stage has passed.
template <Curve curve, Stage stage>
HWY_INLINE Wide left(Turns passed) {
  const Wide x = nearest(passed) * 4.F;
  if constexpr (curve == Curve::linear) return Wide(1) - x;
  // (4·4^−x − 1)/3, and (1000^−x − 1/1000)/(1 − 1/1000).
  if constexpr (stage == Stage::attack) return muladd(Wide(4.F / 3), exp2(Wide(-2) * x), Wide(-1.F / 3));
  return (exp2(Wide(-9.96578428F) * x) - 0.001F) * (1 / 0.999F);
}

template <Curve curve, Stage stage, class Places>
HWY_INLINE void write_way(const EnvelopeLane& lane, Places places, int at, int end) {
  const Wide start(lane.state->start);
  for (int i = at; i < end; i += Wide::kCount) {
    Wide target(stage == Stage::attack ? 1.F : 0.F);
    if constexpr (stage == Stage::decay) target = Wide::of(lane.param[2], i, end - i);
    muladd(start - target, left<curve, stage>(places.next()), target).store(lane.out[0] + i, end - i);
  }
}

/// What has passed of a stage whose time moves.
class Gliding {
 public:
  void add(std::uint64_t passed) { turns_[count_++] = nearest_turn(passed); }
  HWY_INLINE Turns next() {
    next_ += Wide::kCount;
    return hn::LoadU(hn::RebindToUnsigned<Wide::Tag>(), turns_ + next_ - Wide::kCount);
  }

 private:
  Turn turns_[kChunk] = {};
  int count_ = 0, next_ = 0;
};

/// Goes on with a stage that is on its way, up to its end or the given one; returns where it got to.
template <Curve curve, Stage stage>
int go(const EnvelopeLane& lane, double rate, int at, int end) {
  EnvelopeState& now = *lane.state;
  const LaneControl& seconds = lane.param[stage == Stage::attack ? 0 : stage == Stage::decay ? 1 : 3];
  if (seconds.still) {
    const std::uint64_t step = step_in(*seconds.data, rate),
                        missing = (kWhole - now.passed + step - 1) / step;
    end = at + static_cast<int>(std::min(static_cast<std::uint64_t>(end - at), missing));
    write_way<curve, stage>(lane, Steady(now.passed, step), at, end);
    now.passed += step * static_cast<std::uint64_t>(end - at);
  } else {
    Gliding places;
    int i = at;
    for (; i < end && !is_over(now, seconds[i]); ++i) {
      places.add(now.passed);
      now.passed += step_in(seconds[i], rate);
    }
    end = i;
    write_way<curve, stage>(lane, places, at, end);
  }
  now.level = lane.out[0][end - 1];
  return end;
}

/// Stays where a stage has led to.
int stay(const EnvelopeLane& lane, int at, int end) {
  EnvelopeState& now = *lane.state;
  const float silence = 0;
  const LaneControl level = now.stage == Stage::sustain ? lane.param[2] : LaneControl{&silence, true};
  for (int i = at; i < end; i += Wide::kCount) Wide::of(level, i, end - i).store(lane.out[0] + i, end - i);
  now.level = level[end - 1];
  return end;
}

template <Curve curve>
void run(std::span<const EnvelopeLane> lanes, double rate, int frames) {
  for (const EnvelopeLane& lane : lanes) {
    for (int at = 0; at < frames;) {
      enter(lane, at);
      const int end = gate_changes(lane.in, at, frames);
      if (lane.state->passed >= kWhole)
        at = stay(lane, at, end);
      else if (lane.state->stage == Stage::attack)
        at = go<curve, Stage::attack>(lane, rate, at, end);
      else if (lane.state->stage == Stage::decay)
        at = go<curve, Stage::decay>(lane, rate, at, end);
      else
        at = go<curve, Stage::release>(lane, rate, at, end);
    }
  }
}

void Envelope(Curve curve, std::span<const EnvelopeLane> lanes, double rate, int frames) {
  if (curve == Curve::linear)
    run<Curve::linear>(lanes, rate, frames);
  else
    run<Curve::exponential>(lanes, rate, frames);
}

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace perigee::dsp {

HWY_EXPORT(Envelope);

void envelope(Curve curve, std::span<const EnvelopeLane> lanes, double rate, int frames) noexcept {
  HWY_DYNAMIC_DISPATCH(Envelope)(curve, lanes, rate, frames);
}

}  // namespace perigee::dsp
#endif
