// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places in a cycle, a vector of frames at once: see phase.h. Included once for each set of instructions.

#if defined(PERIGEE_DSP_PHASE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef PERIGEE_DSP_PHASE_INL_H_
#undef PERIGEE_DSP_PHASE_INL_H_
#else
#define PERIGEE_DSP_PHASE_INL_H_
#endif

#include "dsp/phase.h"
#include "dsp/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace perigee::dsp::HWY_NAMESPACE {

using Turns = hn::VFromD<hn::RebindToUnsigned<Wide::Tag>>;

HWY_INLINE Turns turns(Turn turn) { return hn::Set(hn::RebindToUnsigned<Wide::Tag>(), turn); }

/// Cycles from the nearest start of a cycle, −½ … ½: fine near 0, where edges are.
HWY_INLINE Wide nearest(Turns turn) {
  const hn::RebindToSigned<Wide::Tag> integers;
  return Wide(hn::ConvertTo(Wide::Tag(), hn::BitCast(integers, turn))) * 0x1p-32F;
}

/// A sine's argument led back to where the sine rises: −¼ … ¼ cycle, with sin(2π·fold) = sin(2π·turn). Four
/// times this is a triangle wave.
HWY_INLINE Wide fold(Turns turn) {
  const hn::RebindToSigned<Wide::Tag> integers;
  const auto falls = hn::Lt(hn::BitCast(integers, hn::Add(turn, turns(1U << 30U))), hn::Zero(integers));
  const auto back = hn::BitCast(integers, hn::Sub(turns(kHalfTurn), turn));
  return nearest(hn::BitCast(hn::RebindToUnsigned<Wide::Tag>(),
                             hn::IfThenElse(falls, back, hn::BitCast(integers, turn))));
}

/// What grows by the same step at each frame, a vector of frames after the other: the upper half of 64 bits,
/// to the nearest.
class Steady {
 public:
  HWY_INLINE Steady(std::uint64_t start, std::uint64_t step) {
    // i·step for each i, from products of 32 bits.
    const Tag tag;
    const hn::RebindToUnsigned<Wide::Tag> halves;
    const auto i = hn::BitCast(halves, hn::Iota(tag, 0)), steps = hn::BitCast(halves, hn::Set(tag, step));
    const auto high = hn::MulEven(i, hn::BitCast(halves, hn::Set(tag, step >> 32U)));
    low_ = hn::Add(hn::Set(tag, start + kHalfTurn), hn::Add(hn::MulEven(i, steps), hn::ShiftLeft<32>(high)));
    half_ = hn::Set(tag, step * (Wide::kCount / 2));
  }
  /// `ahead`: 0 … 7 steps, aligned.
  HWY_INLINE Steady(std::uint64_t start, std::uint64_t step, const std::uint64_t* ahead)
      : low_(hn::Add(hn::Set(Tag(), start + kHalfTurn), hn::Load(Tag(), ahead))),
        half_(hn::Set(Tag(), step * (Wide::kCount / 2))) {}
  HWY_INLINE Turns next() {
    const hn::RebindToUnsigned<Wide::Tag> halves;
    const auto high = hn::Add(low_, half_);
    const Turns now = hn::ConcatOdd(halves, hn::BitCast(halves, high), hn::BitCast(halves, low_));
    low_ = hn::Add(high, half_);
    return now;
  }

 private:
  using Tag = hn::RepartitionToWide<hn::RebindToUnsigned<Wide::Tag>>;
  hn::VFromD<Tag> low_, half_;
};

}  // namespace perigee::dsp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // PERIGEE_DSP_PHASE_INL_H_
