// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Slow oscillations, for moving parameters: the plain shapes, with edges as they are.

#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

enum class Shape { sine, triangle, saw, square };

struct LfoState {
  std::uint64_t turns = 0;  ///< 2^64 a cycle
  /// Of the last speed that stood still.
  float hz = std::numeric_limits<float>::quiet_NaN();
  std::uint64_t step = 0;
};
using LfoLane = Lane<LfoState, 2>;  ///< speed in Hz, at most half the rate either way; offset in cycles

/// Runs each lane's oscillation, −1 … 1: by its speed, or, where `cycles` is not 0, by so many cycles a
/// frame. Wait-free, any thread.
void lfo(Shape shape, std::span<const LfoLane> lanes, double rate, double cycles, int frames) noexcept;

}  // namespace perigee::dsp
