// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lanes of a plan's memory, handed out and taken back, so that a buffer is used again as soon as its last
// reader has run and a plan's working set stays small. What one thread gives back, only that thread takes.

#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace perigee {

class Slots {
 public:
  /// The first of so many adjacent lanes: what was given back last first, as it is warm in the cache.
  std::uint32_t take(std::uint32_t lanes, std::uint32_t thread) {
    auto& free = free_[{thread, lanes}];
    if (free.empty()) return take_for_good(lanes);
    const std::uint32_t first = free.back();
    free.pop_back();
    return first;
  }
  /// Memory that nobody else uses, before or after.
  std::uint32_t take_for_good(std::uint32_t lanes) {
    size_ += lanes;
    return static_cast<std::uint32_t>(size_ - lanes);
  }
  void give_back(std::uint32_t first, std::uint32_t lanes, std::uint32_t thread) {
    free_[{thread, lanes}].push_back(first);
  }
  /// Beyond what 32 bits hold, places are no places: nobody may run such a plan.
  std::uint64_t size() const { return size_; }

 private:
  /// By thread and lanes.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> free_;
  std::uint64_t size_ = 0;
};

}  // namespace perigee
