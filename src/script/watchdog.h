// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs jobs of a session on a thread of its own, and sees to it that none takes longer than it may.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "script/session.h"

namespace perigee {

class Watchdog {
 public:
  explicit Watchdog(const ScriptOptions& options);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  using Clock = std::chrono::steady_clock;
  enum class State { running, ended, given_up };

  /// Has the script's thread do a job. Past the limit Lua code is stopped by an error at its next
  /// instruction; if not even that helps, the thread is given up, and the session with it. `wake` is called
  /// on the script's thread, under the session's mutex, when attend() has something to do.
  void start(std::function<void(Session&)> job, double seconds, std::function<void()> wake = {});
  /// Serves the script and keeps its time. To be called when woken and, as long as it runs, at due().
  State attend();
  Clock::time_point due() const { return due_; }
  /// Attends until the job runs no more.
  State wait();

  Session& session() { return *session_; }
  /// Seconds of processors that its thread has taken so far.
  double cost();

  /// How many threads were given up and run still, or for ever: each has its session's memory.
  static unsigned given_up();

 private:
  std::shared_ptr<Session> session_;  ///< the thread holds it too: given up, it may still run for ever
  std::thread thread_;
  Clock::time_point deadline_, due_;
};

/// Where C runs for long on the script's thread: raises the watchdog's error once that wants it to stop.
void stop_if_wanted(lua_State* L);

}  // namespace perigee
