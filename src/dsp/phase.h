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

class Phase {
 public:
  /// Starts at `cycles`, of which the whole part does not count.
  explicit Phase(double cycles = 0) {
    const double part = cycles - std::floor(cycles);
    advance(part / 2);
    advance(part / 2);
  }

  /// Moves on by a part of a cycle, either way; at most half a cycle, which is the highest pitch there is.
  void advance(double cycles) {
    constexpr double kHalf = 0x1.fffffffffffffp-2;
    turns_ +=
        static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(cycles, -kHalf, kHalf) * 0x1p64));
  }

  /// 0 ≤ cycle < 1, 24 bits.
  float cycle() const { return static_cast<float>(turns_ >> 40U) * 0x1p-24F; }

 private:
  std::uint64_t turns_ = 0;
};

}  // namespace perigee::dsp
