// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much of its time the audio thread needs, so that a late period can be told to be ours or somebody
// else's.

#pragma once

#include <atomic>
#include <chrono>

#include "dsp/frames.h"

namespace perigee {

class Stopwatch {
 public:
  // Audio thread. The clock is read without a system call.
  void start() noexcept { began_ = Clock::now(); }
  void stop(int frames, double rate) noexcept {
    const std::chrono::duration<double> taken = Clock::now() - began_;
    const auto share = static_cast<float>(taken.count() * rate / frames);
    if (share > longest_.load(std::memory_order_relaxed)) longest_.store(share, std::memory_order_relaxed);
  }

  /// Control thread: the largest part of its period that one took since the last call; 1 is all of it.
  float longest() noexcept { return longest_.exchange(0, std::memory_order_relaxed); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_;
  std::atomic<float> longest_{0};
};

}  // namespace perigee
