// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The classical waveforms, band-limited, as functions of a place in the cycle and of how far a frame moves:
// no state, so that pitch may change at any frame, through 0 and backwards. A jump is met by way of its
// distance in frames, d / stride, and the naive wave's own jump cancels against the step's: 2d − sgn d
// becomes 2d − 2·S(d / stride), without a seam. Up to a stride of 1/8 cycle (square and triangle 1/16) one
// polynomial a frame does; above, neighbours are in reach.

#pragma once

#include "dsp/bandlimited_step.h"
#include "dsp/phase.h"

namespace perigee::dsp {

/// Cycles that a frame moves by, either way. Not moving at all is a step as sharp as any.
struct Stride {
  explicit Stride(double cycles)
      : size(std::min(static_cast<float>(std::abs(cycles)), 0.5F)), inverse(1 / std::max(size, 1e-20F)) {}

  /// How many neighbours to either side, `spacing` cycles apart, reach a place half a spacing away.
  int neighbours(float spacing) const { return static_cast<int>(kStepReach * size / spacing + 0.5F); }

  float size;
  float inverse;
};

/// Rises from −1 to 1, jumps down where a cycle starts.
inline float saw(Turn turn, const Stride& stride) {
  const float d = nearest(turn);
  float sum = bandlimited_step(d * stride.inverse);
  for (int n = 1; n <= stride.neighbours(1); ++n) {
    const auto away = static_cast<float>(n);  // beyond the nearest jump the naive parts of a pair cancel
    sum += bandlimited_step((d + away) * stride.inverse) + bandlimited_step((d - away) * stride.inverse);
  }
  return 2 * (d - sum);
}

/// 1 for the first `width` cycles, then −1: the difference of two saws.
inline float pulse(Turn turn, float width, const Stride& stride) {
  return saw(turn - turn_of(width), stride) - saw(turn, stride) + (2 * width - 1);
}

/// 1 in the first half of a cycle, −1 in the second.
inline float square(Turn turn, const Stride& stride) {
  const float d = fold(turn);  // from the nearest edge, which always rises so
  float sum = bandlimited_step(d * stride.inverse);
  float sign = -1;
  for (int n = 1; n <= stride.neighbours(0.5F); ++n, sign = -sign) {
    const float away = 0.5F * static_cast<float>(n);
    sum += sign *
           (bandlimited_step((d + away) * stride.inverse) + bandlimited_step((d - away) * stride.inverse));
  }
  return 2 * sum;
}

/// Rises from 0 to 1 in a quarter of a cycle, falls to −1 in two: a sine's signs and corners.
inline float triangle(Turn turn, const Stride& stride) {
  constexpr Turn kQuarter = 1U << 30U;
  const float top = fold(turn);
  const float d = fold(turn - kQuarter);  // from the nearest corner; its sign is of no matter
  float sum = bandlimited_corner(d * stride.inverse);
  float sign = -1;
  for (int n = 1; n <= stride.neighbours(0.5F); ++n, sign = -sign) {
    const float away = 0.5F * static_cast<float>(n);
    sum += sign * (bandlimited_corner((d + away) * stride.inverse) +
                   bandlimited_corner((d - away) * stride.inverse));
  }
  return 4 * top - std::copysign(8 * stride.size, top) * sum;  // its slope changes by 8 at each corner
}

}  // namespace perigee::dsp
