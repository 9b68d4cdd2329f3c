// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The finest clock that the processor has, read in some nanoseconds and without a system call. It goes evenly
// on all processors, at a rate of its own.

#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace perigee {

/// Any thread. It does not wait for what is under way: a few instructions may count as its neighbours'.
inline std::uint64_t cycles() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#elif defined(__aarch64__)
  std::uint64_t now = 0;
  asm volatile("mrs %0, cntvct_el0" : "=r"(now));
  return now;
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// How long a cycle lasts: measured from construction on, so the longer that is ago, the better.
class CycleRate {
 public:
  /// Nanoseconds. Not in the first few microseconds.
  double ns() const {
    const std::chrono::duration<double, std::nano> passed = Clock::now() - began_;
    return passed.count() / static_cast<double>(cycles() - first_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point began_ = Clock::now();
  std::uint64_t first_ = cycles();
};

}  // namespace perigee
