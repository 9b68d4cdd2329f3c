// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <vector>

#include "dsp/lagrange.h"

namespace perigee::dsp {

/// The last frames of a signal. What was before the first one, or a reset, reads as silence: so that a reset
/// need not clear the memory.
class Ring {
 public:
  /// Remembers the newest frame and `longest` before it.
  explicit Ring(int longest) : memory_(static_cast<std::size_t>(longest) + 1) {}

  void push(float x) {
    newest_ = newest_ + 1 == size() ? 0 : newest_ + 1;
    memory_[static_cast<std::size_t>(newest_)] = x;
    if (filled_ < size()) ++filled_;
  }

  /// The frame pushed so many pushes ago: 0 is the newest.
  float operator[](int ago) const {
    if (ago >= filled_) return 0;
    const int at = newest_ - ago;
    return memory_[static_cast<std::size_t>(at < 0 ? at + size() : at)];
  }

  /// Between frames, up to `longest` − 2. Third order, save between the newest two, where the cubic would
  /// want a frame from the future: there, a straight line.
  float between(double ago) const {
    const int whole = static_cast<int>(ago);
    const float part = static_cast<float>(ago - whole);
    const Ring& past = *this;
    if (part == 0) return past[whole];
    if (whole == 0) return (1 - part) * past[0] + part * past[1];
    return lagrange(past[whole - 1], past[whole], past[whole + 1], past[whole + 2], part);
  }

  void reset() { filled_ = 0; }

 private:
  int size() const { return static_cast<int>(memory_.size()); }

  std::vector<float> memory_;
  int newest_ = 0, filled_ = 0;
};

}  // namespace perigee::dsp
