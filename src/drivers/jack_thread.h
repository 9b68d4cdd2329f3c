// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A thread of its own for all calls into JACK's library that ask the server: a server that hangs, or takes
// long, never answers or answers late, and nobody else waits for that longer than he wants to. What is in
// such a call cannot be ended: then the thread is left behind, and the process has to end by _exit().

#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "drivers/bell.h"

namespace perigee {

/// What ends a wait for the server before its time.
struct Interruption {
  int fd = -1;                       ///< readable when there may be one
  std::function<bool()> comes = {};  ///< reads it; whether it is one
};

/// How long the server is waited for, at most.
struct Patience {
  std::chrono::milliseconds silence;  ///< without an answer to anything
  std::chrono::milliseconds in_all = std::chrono::hours(24);
};

class JackThread : public std::enable_shared_from_this<JackThread> {
 public:
  using Job = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  static std::shared_ptr<JackThread> start();
  JackThread(const JackThread&) = delete;
  JackThread& operator=(const JackThread&) = delete;
  ~JackThread() = default;

  // Any thread. Jobs do not throw, and refer to nothing that may end before they do.

  /// One after the other, in this order.
  void post(Job job);
  /// As soon as there is nothing else: what takes long, in small pieces. In this order, too.
  void post_later(Job job);
  /// Soon, and once for all that ask for it meanwhile: at most every 20 ms. `look` is the same each time.
  void post_look(Job look);
  /// The thread itself tells that the server has answered, in the midst of a job.
  void moved();

  // Control thread.

  enum class Outcome { done, too_long, interrupted };
  /// Posts a job and waits for it; what it throws is thrown here.
  Outcome run(Job job, const Patience& patience, const Interruption& interruption = {});
  /// Waits for all that post_later() was called for.
  Outcome catch_up(const Patience& patience, const Interruption& interruption = {});
  /// Drops what waits, and does this last. The thread has ended if it is done, and is left behind if not.
  Outcome end(Job last, const Patience& patience, const Interruption& interruption = {});

  /// Whether any such thread was left behind in this process, which is to end by _exit() then.
  static bool left_behind();

 private:
  struct Task {
    bool done = false;
    std::exception_ptr thrown = nullptr;
  };

  JackThread() = default;
  void work();
  Job next();
  std::shared_ptr<Task> add(std::deque<Job>& to, Job job);
  Outcome wait(const std::shared_ptr<Task>& task, const Patience& patience, const Interruption& interruption);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_, later_;
  Job look_;
  Clock::time_point look_from_{};
  unsigned moves_ = 0;
  bool ending_ = false;
  Bell done_;  ///< rung when a task has ended
  std::thread thread_;
};

}  // namespace perigee
