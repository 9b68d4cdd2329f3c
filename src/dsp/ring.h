// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "dsp/frames.h"
#include "dsp/lagrange.h"

namespace perigee::dsp {

/// The last frames of a signal. What was before the first one, or a reset, reads as silence: so that a reset
/// need not clear the memory.
class Ring {
 public:
  /// Remembers the newest frame and `longest` before it.
  explicit Ring(int longest) : memory_(frames(longest)) {}
  /// How many it holds, of a float each.
  static std::size_t frames(int longest) { return static_cast<std::size_t>(longest) + 1; }

  void push(float x) {
    newest_ = newest_ + 1 == size() ? 0 : newest_ + 1;
    memory_[static_cast<std::size_t>(newest_)] = x;
    if (filled_ < size()) ++filled_;
  }

  /// Pushes one after the other, no more than it remembers.
  void push(std::span<const float> some) {
    const auto count = static_cast<int>(some.size());
    const int start = newest_ + 1 == size() ? 0 : newest_ + 1, first = std::min(count, size() - start);
    std::copy_n(some.begin(), first, memory_.begin() + start);
    std::copy(some.begin() + first, some.end(), memory_.begin());
    newest_ = (newest_ + count) % size();
    filled_ = std::min(filled_ + count, size());
  }

  /// The frame pushed so many pushes ago: 0 is the newest.
  float operator[](int ago) const {
    if (ago >= filled_) return 0;
    const int at = newest_ - ago;
    return memory_[static_cast<std::size_t>(at < 0 ? at + size() : at)];
  }

  /// That frame and those after it; all have been pushed, or lie before the first.
  void read(int ago, std::span<float> some) const {
    const auto count = static_cast<int>(some.size()), silent = std::clamp(ago - filled_ + 1, 0, count);
    const int from = newest_ - ago + silent, start = from < 0 ? from + size() : from;
    const int first = std::min(count - silent, size() - start);
    std::fill_n(some.begin(), silent, 0.F);
    std::copy_n(memory_.begin() + start, first, some.begin() + silent);
    std::copy_n(memory_.begin(), count - silent - first, some.begin() + silent + first);
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

  /// The same with the frames after it, at most kChunk and at most `ago`.
  void between(double ago, std::span<float> some) const {
    const int whole = static_cast<int>(ago);
    const float part = static_cast<float>(ago - whole);
    if (part == 0) return read(whole, some);
    std::array<float, kChunk + 3> near;
    read(whole + 2, std::span(near).first(some.size() + 3));
    for (std::size_t i = 0; i < some.size(); ++i)
      some[i] = lagrange(near[i + 3], near[i + 2], near[i + 1], near[i], part);
  }

  void reset() { filled_ = 0; }

 private:
  int size() const { return static_cast<int>(memory_.size()); }

  std::vector<float> memory_;
  int newest_ = 0, filled_ = 0;
};

}  // namespace perigee::dsp
