// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long each step of a program takes. Only one chunk in a few is measured, so that the others leave the
// caches as when nobody looks. Wait-free; whoever runs a step writes its time, the control thread reads.

#pragma once

#include <atomic>
#include <vector>

#include "dsp/frames.h"
#include "engine/cycles.h"

namespace perigee {

class StepTimes {
 public:
  /// One chunk in so many is measured. A prime, as loops in music are not.
  static constexpr unsigned kEvery = 17;

  explicit StepTimes(std::size_t steps = 0) : sums_(steps) {}

  /// Real-time thread: the one that has just run the step.
  void add(std::size_t step, std::uint64_t taken, int frames) noexcept {
    Sum& sum = sums_[step];
    // Nobody else writes: no exchange is needed.
    sum.cycles.store(sum.cycles.load(std::memory_order_relaxed) + taken, std::memory_order_relaxed);
    sum.frames.store(sum.frames.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(frames),
                     std::memory_order_relaxed);
  }

  /// Since the program began. A chunk may count with its cycles but not yet with its frames.
  struct Sums {
    std::uint64_t cycles = 0, frames = 0;
  };
  std::vector<Sums> read() const {
    std::vector<Sums> all;
    all.reserve(sums_.size());
    for (const Sum& sum : sums_)
      all.push_back({sum.cycles.load(std::memory_order_relaxed), sum.frames.load(std::memory_order_relaxed)});
    return all;
  }

 private:
  struct Sum {
    std::atomic<std::uint64_t> cycles{0}, frames{0};
  };
  std::vector<Sum> sums_;
};

}  // namespace perigee
