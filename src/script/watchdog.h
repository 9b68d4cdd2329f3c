// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs jobs of a session on a thread of its own, and sees to it that none takes longer than it may.

#pragma once

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

  /// Has the script's thread do a job and waits for it. Past the limit Lua code is stopped by an error at its
  /// next instruction. False: not even that helped; the thread was given up, and the session with it.
  bool run(std::function<void(Session&)> job, double seconds);

  Session& session() { return *session_; }

 private:
  std::shared_ptr<Session> session_;  ///< the thread holds it too: given up, it may still run for ever
  std::thread thread_;
};

}  // namespace perigee
