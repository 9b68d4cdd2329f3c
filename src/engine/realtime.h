// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <atomic>
#include <cstdint>

namespace perigee {

/// While it lives, this thread takes denormals for zero. They nest.
class FlushedDenormals {
 public:
  FlushedDenormals() noexcept;
  ~FlushedDenormals();
  FlushedDenormals(const FlushedDenormals&) = delete;
  FlushedDenormals& operator=(const FlushedDenormals&) = delete;

 private:
  unsigned long long saved_;  ///< floating-point control register
};

/// Stands around everything that the audio thread does for us: denormals are flushed to zero, and the guard,
/// when it is loaded (tests/rt), traps allocation, locks and system calls. They nest.
class RealtimeScope {
 public:
  RealtimeScope() noexcept;
  ~RealtimeScope();
  RealtimeScope(const RealtimeScope&) = delete;
  RealtimeScope& operator=(const RealtimeScope&) = delete;

 private:
  FlushedDenormals flushed_;
};

/// Wakes all who sleep until a number changes (futex(2)), without waiting for anybody: the only system call
/// of the audio thread, at most one in each outermost scope. The guard counts them.
void wake(std::atomic<std::uint32_t>& number) noexcept;
/// Not on the audio thread: sleeps until somebody wakes, if the number is still what it was.
void sleep(std::atomic<std::uint32_t>& number, std::uint32_t before) noexcept;

/// For who waits on a thread that is not real-time: lets others have the processor. Nothing under the guard.
void give_way() noexcept;

/// Looks whether a guard is loaded. Call once, before the first scope and outside of it.
void find_realtime_guard();

}  // namespace perigee
