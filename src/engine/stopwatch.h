// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of its time the audio thread needs, so that a late period can be told to be ours or somebody
// else's.

#pragma once

#include <atomic>
#include <chrono>
#include <utility>

#include "dsp/frames.h"

namespace perigee {

/// A part of the time that there is: 1 is all of it.
struct Load {
  double mean = 0;
  double longest = 0;  ///< of a period
};

class Stopwatch {
 public:
  // Audio thread. The clock is read without a system call.
  void start() noexcept { began_ = Clock::now(); }
  void stop(int frames, double rate) noexcept {
    const std::chrono::duration<double> taken = Clock::now() - began_;
    const double needed = taken.count() * rate;
    const auto share = static_cast<float>(needed / frames);
    for (std::atomic<float>* longest : {&longest_, &longest_of_load_})
      if (share > longest->load(std::memory_order_relaxed)) longest->store(share, std::memory_order_relaxed);
    // Nobody else writes: no exchange is needed.
    needed_.store(needed_.load(std::memory_order_relaxed) + needed, std::memory_order_relaxed);
    played_.store(played_.load(std::memory_order_relaxed) + frames, std::memory_order_relaxed);
  }

  // Control thread.

  /// The largest part of its period that one took since the last call.
  float longest() noexcept { return longest_.exchange(0, std::memory_order_relaxed); }
  /// Since the last call.
  Load load() noexcept {
    const double needed = needed_.load(std::memory_order_relaxed);
    const auto played = static_cast<double>(played_.load(std::memory_order_relaxed));
    const double frames = played - std::exchange(played_before_, played);
    const double taken = needed - std::exchange(needed_before_, needed);
    return {.mean = frames > 0 ? taken / frames : 0,
            .longest = longest_of_load_.exchange(0, std::memory_order_relaxed)};
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_;
  std::atomic<float> longest_{0}, longest_of_load_{0};
  std::atomic<double> needed_{0};  ///< frames' time
  std::atomic<Frames> played_{0};
  double needed_before_ = 0, played_before_ = 0;  ///< the control thread's
};

}  // namespace perigee
