// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace perigee {

/// Stands around everything that the audio thread does for us: denormals are flushed to zero, and the guard,
/// when it is loaded (tests/rt), traps allocation, locks and system calls. They nest.
class RealtimeScope {
 public:
  RealtimeScope() noexcept;
  ~RealtimeScope();
  RealtimeScope(const RealtimeScope&) = delete;
  RealtimeScope& operator=(const RealtimeScope&) = delete;

 private:
  unsigned long long saved_;  ///< floating-point control register
};

/// Looks whether a guard is loaded. Call once, before the first scope and outside of it.
void find_realtime_guard();

}  // namespace perigee
