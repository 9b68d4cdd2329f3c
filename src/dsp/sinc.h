// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading a sound between its frames: a sinc under a Kaiser window, J. O. Smith, "Digital Audio Resampling",
// 2002.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace perigee::dsp {

/// Flat to 0.42 of the rate; images and aliases that fall below that are −80 dB or less.
class Sinc {
 public:
  static constexpr int kReach = 16;  ///< frames to either side, times the speed when that is above 1

  /// Computed at the first call, which therefore is not the real-time thread's.
  static const Sinc& shared() {
    static const Sinc sinc;
    return sinc;
  }

  /// The value at `part` (0 ≤ part < 1) of the way from *frame to the next, for a sound that is read at this
  /// speed: above 1 everything that would pass half the rate is filtered out. On a frame it is the frame, up
  /// to speed 1.
  float operator()(const float* frame, float part, float speed) const {
    if (speed > 1) return stretched(frame, part, speed);
    return part == 0 ? *frame : plain(frame, part);
  }

  Sinc() {
    for (std::size_t i = 0; i < line_.size(); ++i)
      line_[i] = static_cast<float>(kernel(static_cast<double>(i) / kRows - kReach));
    for (int row = 0; row <= kRows; ++row)
      for (int k = 0; k < kTaps; ++k)
        rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(k)] =
            static_cast<float>(kernel(k - (kReach - 1) - static_cast<double>(row) / kRows));
  }

 private:
  static constexpr int kTaps = 2 * kReach;
  static constexpr int kRows = 512;  // linear between rows: an error of −106 dB

  static double kernel(double t) {
    constexpr double kBeta = 8.5;  // −85 dB stop band
    const double x = t / kReach, turn = std::numbers::pi * t;
    if (std::abs(x) >= 1) return 0;
    return (t == 0 ? 1 : std::sin(turn) / turn) * std::cyl_bessel_i(0, kBeta * std::sqrt(1 - x * x)) /
           std::cyl_bessel_i(0, kBeta);
  }

  float plain(const float* frame, float part) const {
    const float at = part * kRows;
    const auto row = static_cast<std::size_t>(at);
    const float* x = frame - (kReach - 1);
    float low[4] = {}, high[4] = {};
    for (std::size_t k = 0; k < kTaps; k += 4) {
      for (std::size_t j = 0; j < 4; ++j) {
        low[j] += rows_[row][k + j] * x[k + j];
        high[j] += rows_[row + 1][k + j] * x[k + j];
      }
    }
    const float a = (low[0] + low[2]) + (low[1] + low[3]), b = (high[0] + high[2]) + (high[1] + high[3]);
    return a + (b - a) * (at - static_cast<float>(row));
  }

  /// The kernel, `speed` times as long: tap by tap along the line, in fixed point.
  float stretched(const float* frame, float part, float speed) const {
    const float reach = 0.9999F * kReach * speed;
    const int first = -static_cast<int>(reach - part), last = static_cast<int>(reach + part);
    const float per_frame = 1 / speed;
    const auto step = static_cast<std::uint32_t>(per_frame * kOne);
    auto at = static_cast<std::uint32_t>((kReach + (part - static_cast<float>(first)) * per_frame) * kOne);
    float sum = 0;
    for (int k = first; k <= last; ++k, at -= step) {
      const float* point = &line_[at >> kBelow];
      const auto between = static_cast<float>(static_cast<std::int32_t>(at & ((1U << kBelow) - 1)));
      sum += frame[k] * (point[0] + (point[1] - point[0]) * (between * (1.F / (1U << kBelow))));
    }
    return sum * per_frame;
  }

  // A place on the line, 0 … 2·kReach frames, fills 32 bits: 5 for the frame, 9 for the point, 18 between
  // points.
  static constexpr double kOne = 0x1p27;
  static constexpr unsigned kBelow = 18;

  std::array<std::array<float, kTaps>, kRows + 1> rows_{};  ///< by part of a frame: all taps in a row
  std::array<float, kTaps * kRows + 2> line_{};             ///< the same kernel from end to end
};

}  // namespace perigee::dsp
