// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mean of the last so many values, in whole numbers: the running sum never drifts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perigee::dsp {

class BoxAverage {
 public:
  /// Over `length` values, all `before` until then. Sums must fit 63 bits.
  BoxAverage(std::size_t length, std::int64_t before) : ring_(length), before_(before) { reset(); }

  /// Rounded down.
  std::int64_t push(std::int64_t value) {
    sum_ += value - (fresh_ < ring_.size() ? before_ : ring_[place_]);
    fresh_ += fresh_ < ring_.size() ? 1 : 0;
    ring_[place_] = value;
    place_ = place_ + 1 == ring_.size() ? 0 : place_ + 1;
    return sum_ / static_cast<std::int64_t>(ring_.size());
  }

  void reset() {
    sum_ = before_ * static_cast<std::int64_t>(ring_.size());
    place_ = fresh_ = 0;
  }

 private:
  std::vector<std::int64_t> ring_;
  std::int64_t before_, sum_ = 0;
  std::size_t place_ = 0, fresh_ = 0;  ///< values since the reset, up to the length
};

}  // namespace perigee::dsp
