// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/watchdog.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <chrono>

#include "script/position.h"

namespace perigee {

namespace {

using Clock = std::chrono::steady_clock;

/// After the limit, for the error to arrive: a full collection of 256 MiB fits in.
constexpr auto kGrace = std::chrono::milliseconds(600);
/// A hook once set can be lost: Lua clears it where a coroutine or an error handler ends.
constexpr auto kAgain = std::chrono::milliseconds(5);

void stop(lua_State* L, lua_Debug*) {
  Session& session = Session::of(L);
  if (!session.stopped) {
    session.stopped = true;
    session.remember(L);
    session.stopped_at = user_place(L);
    if (session.stopped_at.line == 0 && L != session.lua) session.stopped_at = user_place(session.lua);
  }
  lua_pushliteral(L, "stopped");
  lua_error(L);
}

void serve(const std::shared_ptr<Session>& session) {
  session->stack_base = stack_pointer();
  std::unique_lock lock(session->mutex);
  while (true) {
    session->changed.wait(lock, [&] { return session->quit || session->job; });
    if (session->quit) return;
    const auto job = session->job;
    lock.unlock();
    job();
    lock.lock();
    session->job = nullptr;
    session->changed.notify_all();
    if (session->revoked) return;
  }
}

}  // namespace

Watchdog::Watchdog(const ScriptOptions& options)
    : session_(std::make_shared<Session>(options)), thread_([session = session_] { serve(session); }) {}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(session_->mutex);
    session_->quit = true;
  }
  session_->changed.notify_all();
  thread_.join();
}

bool Watchdog::run(std::function<void(Session&)> job, double seconds) {
  Session& session = *session_;
  std::unique_lock lock(session.mutex);
  session.job = [&session, job = std::move(job)] { job(session); };
  session.changed.notify_all();

  const auto limit = std::chrono::duration<double>(std::clamp(seconds, 0.0, 1e6));
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
  auto wake = deadline;
  while (session.job) {
    session.changed.wait_until(lock, wake, [&] { return !session.job || session.request != nullptr; });
    if (session.request != nullptr) {
      const auto* request = session.request;
      lock.unlock();
      (*request)();  // throws nothing: whoever asks sees to that
      lock.lock();
      session.request = nullptr;
      session.changed.notify_all();
    }
    const auto now = Clock::now();
    if (now < deadline || !session.job) continue;
    if (now > deadline + kGrace) {
      session.revoked = true;
      session.changed.notify_all();
      // It may spin for ever: it gets what time nobody else wants.
      const sched_param none = {};
      pthread_setschedparam(thread_.native_handle(), SCHED_IDLE, &none);
      thread_.detach();
      return false;
    }
    if (session.in_lua) lua_sethook(session.lua, stop, LUA_MASKCOUNT, 1);
    wake = now + kAgain;
  }
  return true;
}

}  // namespace perigee
