// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An oscillator's place in its cycle, exact: 2^64 steps a cycle, so that ten minutes of additions drift by
// nothing.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace perigee::dsp {

/// A place in a cycle in 2^32 steps: sums wrap around by themselves.
using Turn = std::uint32_t;
inline constexpr Turn kHalfTurn = 1U << 31U;

/// Of any finite number of cycles; whole ones do not count (a float beyond 2^24 holds nothing else).
inline Turn turn_of(float cycles) {
  return static_cast<Turn>(
      static_cast<std::int64_t>(std::clamp(static_cast<double>(cycles), -0x1p30, 0x1p30) * 0x1p32));
}

/// Cycles from the nearest start of a cycle, −½ … ½: fine near 0, where edges are.
inline float nearest(Turn turn) { return static_cast<float>(static_cast<std::int32_t>(turn)) * 0x1p-32F; }

/// A sine's argument led back to where the sine rises: −¼ … ¼ cycle, with sin(2π·fold) = sin(2π·turn). Four
/// times this is a triangle wave.
inline float fold(Turn turn) {
  constexpr Turn kQuarter = 1U << 30U;
  return nearest(turn + kQuarter < kHalfTurn ? turn : kHalfTurn - turn);
}

class Phase {
 public:
  /// Starts at `cycles`, of which the whole part does not count.
  explicit Phase(double cycles = 0) {
    const double part = cycles - std::floor(cycles);
    advance(part / 2);
    advance(part / 2);
  }

  /// A part of a cycle, either way, in 2^64 steps; at most half a cycle, which is the highest pitch there is.
  static std::uint64_t step_of(double cycles) {
    constexpr double kHalf = 0x1.fffffffffffffp-2;
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(cycles, -kHalf, kHalf) * 0x1p64));
  }
  /// Moves on by that.
  void advance(double cycles) { turns_ += step_of(cycles); }

  /// 0 ≤ cycle < 1, 24 bits.
  float cycle() const { return static_cast<float>(turns_ >> 40U) * 0x1p-24F; }

  /// To the nearest step, so that a cycle of a whole number of frames begins on its frame.
  Turn turn() const { return static_cast<Turn>((turns_ + kHalfTurn) >> 32U); }

 private:
  std::uint64_t turns_ = 0;
};

}  // namespace perigee::dsp
