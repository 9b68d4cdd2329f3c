// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The control thread's loop: it sleeps until something is to be done, and does one thing after the other.
// What runs on it while a patch plays: signals (SIGINT, SIGHUP …), the driver's news, saved files, reports of
// the audio thread, scripts that want something or have ended, the socket and its clients, and all timers.
// None of that may take long, for the rest waits.

#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace perigee {

class Loop {
 public:
  using Clock = std::chrono::steady_clock;
  using Call = std::function<void()>;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Something that the loop will call. It is called no more once this is gone, which may go in the very
  /// call.
  class Hook {
   public:
    class Waiting;
    Hook() = default;
    explicit Hook(std::shared_ptr<Waiting> waiting) : waiting_(std::move(waiting)) {}
    Hook(Hook&&) = default;
    Hook& operator=(Hook&& other) noexcept;
    ~Hook();
    explicit operator bool() const { return waiting_ != nullptr; }

   private:
    std::shared_ptr<Waiting> waiting_;
  };

  /// Calls whenever the file can be read (or written) without waiting, also when it has come to its end.
  [[nodiscard]] Hook when_readable(int fd, Call call);
  [[nodiscard]] Hook when_writable(int fd, Call call);
  /// Calls once, at that time or as soon as possible after it.
  [[nodiscard]] Hook at(Clock::time_point time, Call call);
  /// Calls once, soon. Any thread may ask for it.
  void post(Call call);

  /// Returns after stop(). What is thrown by a call comes out here.
  void run();
  void stop();

 private:
  enum class Readiness { readable, writable };
  Hook when(int fd, Readiness readiness, Call call);

  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace perigee
