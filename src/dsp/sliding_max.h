// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The greatest of the last so many values: a queue that only keeps values which can still become the
// greatest. D. Lemire, "Streaming maximum-minimum filter using no more than three comparisons per element",
// 2006.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace perigee::dsp {

class SlidingMax {
 public:
  /// For windows of up to so many values.
  explicit SlidingMax(std::size_t longest) : queue_(longest + 1) {}
  /// Bytes that it takes besides itself.
  static std::size_t memory(std::size_t longest) { return (longest + 1) * sizeof(Entry); }

  /// The greatest of this value and those before it in the window, which may change from value to value; it
  /// ends at this one and counts it. What a short window has dropped, a longer one does not bring back.
  float push(float value, std::int64_t window) {
    while (count_ > 0 && at(count_ - 1).value <= value) --count_;
    at(count_++) = {value, now_};
    while (at(0).time <= now_ - window) {
      first_ = first_ + 1 == queue_.size() ? 0 : first_ + 1;
      --count_;
    }
    ++now_;
    return at(0).value;
  }

  void reset() { first_ = count_ = 0; }

 private:
  struct Entry {
    float value;
    std::int64_t time;
  };
  Entry& at(std::size_t i) {
    const std::size_t place = first_ + i;
    return queue_[place < queue_.size() ? place : place - queue_.size()];
  }
  std::vector<Entry> queue_;
  std::size_t first_ = 0, count_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace perigee::dsp
