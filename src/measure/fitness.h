// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a system is fit for real time: what it permits, how it is set up, how late it wakes who sleeps.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace perigee {

struct Finding {
  enum class Is : std::uint8_t {
    good,
    poor,  ///< it may be heard
    bad,   ///< it will be
  } is = Is::good;
  std::string what;         ///< "wake-ups"
  std::string text;         ///< how it is
  std::string remedy = {};  ///< what to do about it, if it is not good
};

/// Of this process: whether it may have real-time threads, and lock memory.
Finding realtime_permission();
Finding memory_permission();

/// How late threads that sleep for a millisecond wake, in microseconds: with real-time priority, if that is
/// permitted. Takes about a second.
struct WakeUps {
  double median = 0, worst = 0;
};
WakeUps measure_wake_ups();
Finding judge(const WakeUps& late);

/// Of the system whose files are there: "/" is this one.
Finding kernel(const std::filesystem::path& root = "/");
Finding throttling(const std::filesystem::path& root = "/");
Finding processor_speed(const std::filesystem::path& root = "/");

}  // namespace perigee
