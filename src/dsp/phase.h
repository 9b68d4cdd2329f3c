// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An oscillator's place in its cycle, exact: 2^64 steps a cycle, so that ten minutes of additions drift by
// nothing.

#pragma once

#include <algorithm>
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

/// To the nearest, so that a cycle of a whole number of frames begins on its frame.
inline Turn nearest_turn(std::uint64_t turns) { return static_cast<Turn>((turns + kHalfTurn) >> 32U); }

/// A part of a cycle, either way, in 2^64 steps; at most half a cycle, which is the highest pitch there is.
inline std::uint64_t step_of(double cycles) {
  constexpr double kHalf = 0x1.fffffffffffffp-2;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(cycles, -kHalf, kHalf) * 0x1p64));
}

}  // namespace perigee::dsp
