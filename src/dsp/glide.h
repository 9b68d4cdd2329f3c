// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cmath>

namespace perigee::dsp {

/// A distance back in time, in frames, that follows its target as e^(−t/50 ms), from the first target on.
class Glide {
 public:
  explicit Glide(double rate) : speed_(1 - std::exp(-1 / (0.05 * rate))) {}

  double toward(double target) {
    const double left = target - frames_;
    // A hundred thousandth of a frame is below −90 dB at any pitch: then it stands, so that whole frames are
    // exact.
    frames_ = frames_ < 0 || std::abs(left) < 1e-5 ? target : frames_ + speed_ * left;
    return frames_;
  }

  /// Whether it is there, or starts there.
  bool stands_at(double target) const { return frames_ < 0 || frames_ == target; }

  void reset() { frames_ = kNowhere; }

 private:
  static constexpr double kNowhere = -1;
  double speed_;  // a frame
  double frames_ = kNowhere;
};

/// A time in frames, up to `longest`. One as near to a whole number as a float can tell is meant to be that.
inline double frames_of(float seconds, double rate, double longest) {
  const double frames = std::clamp(seconds * rate, 0.0, longest);
  const double whole = static_cast<double>(static_cast<int>(frames + 0.5));
  return std::abs(frames - whole) <= whole * 0x1p-24 ? whole : frames;
}

}  // namespace perigee::dsp
