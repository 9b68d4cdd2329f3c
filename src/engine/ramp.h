// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A number on its way to another. Closed form from the frame count, so that any split of the frames gives the
// same.

#pragma once

#include <algorithm>
#include <cmath>

#include "dsp/bounds.h"
#include "dsp/frames.h"

namespace perigee {

enum class Curve : std::uint8_t { linear, exponential };

class Ramp {
 public:
  explicit Ramp(float value = 0) : to_(value) {}

  /// From frame `now` on towards `value`, which is reached after `length` frames; 0: at once.
  void go(Frames now, float value, Frames length, Curve curve) {
    from_ = at(now - 1);
    to_ = value;
    start_ = now;
    length_ = std::clamp<Frames>(length, 0, kLongest);
    // An exponential glide cannot touch or cross zero.
    curve_ = curve == Curve::exponential && from_ * to_ > 0 ? Curve::exponential : Curve::linear;
  }

  /// The first frame from which on the value stands still.
  Frames end() const { return start_ + length_; }
  float target() const { return to_; }
  const float* still() const { return &to_; }  ///< to be read from end() on

  float at(Frames time) const {
    if (time >= end() - 1) return to_;
    if (time < start_) return from_;
    const float part = static_cast<float>(time - start_ + 1) / static_cast<float>(length_);
    const float value = curve_ == Curve::linear ? line(part) : from_ * std::pow(to_ / from_, part);
    // Rounding must not lead it past either end, nor a ratio that no float holds.
    return Bounds{std::min(from_, to_), std::max(from_, to_)}.held(value);
  }

 private:
  static constexpr Frames kLongest = Frames{1} << 48;  ///< centuries: times can still be added up

  float line(float part) const {
    const float way = to_ - from_;
    return std::abs(way) <= Bounds().max ? from_ + way * part : from_ * (1 - part) + to_ * part;
  }

  float from_ = 0, to_;
  Frames start_ = 0, length_ = 0;
  Curve curve_ = Curve::linear;
};

}  // namespace perigee
