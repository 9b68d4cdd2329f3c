// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/watchdog.h"

#include <pthread.h>
#include <sched.h>
#include <ctime>

#include <algorithm>

#include "script/position.h"

namespace perigee {

namespace {

/// After the limit, for the error to arrive: a full collection of 256 MiB fits in.
constexpr auto kGrace = std::chrono::milliseconds(600);
/// A hook once set can be lost: Lua clears it where a coroutine or an error handler ends.
constexpr auto kAgain = std::chrono::milliseconds(5);

std::atomic<unsigned> given_up_threads = 0;

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
    if (session->wake) session->wake();
    if (session->revoked) {
      if (session->given_up) --given_up_threads;
      return;
    }
  }
}

}  // namespace

void stop_if_wanted(lua_State* L) {
  if (Session::of(L).stop_wanted.load(std::memory_order_relaxed)) stop(L, nullptr);
}

unsigned Watchdog::given_up() { return given_up_threads; }

Watchdog::Watchdog(const ScriptOptions& options)
    : session_(std::make_shared<Session>(options)), thread_([session = session_] { serve(session); }) {}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(session_->mutex);
    session_->quit = true;
    session_->wake = nullptr;
    session_->revoked = session_->revoked || session_->job;  // what it asks for is not answered any more
  }
  session_->changed.notify_all();
  deadline_ = due_ = Clock::now();
  if (wait() == State::ended) thread_.join();
}

void Watchdog::start(std::function<void(Session&)> job, double seconds, std::function<void()> wake) {
  Session& session = *session_;
  {
    const std::scoped_lock lock(session.mutex);
    session.job = [&session, job = std::move(job)] { job(session); };
    session.wake = std::move(wake);
  }
  session.changed.notify_all();
  const auto limit = std::chrono::duration<double>(std::clamp(seconds, 0.0, 1e6));
  deadline_ = due_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
}

Watchdog::State Watchdog::attend() {
  if (!thread_.joinable()) return State::given_up;
  Session& session = *session_;
  std::unique_lock lock(session.mutex);
  if (const auto* request = session.revoked ? nullptr : session.request; request != nullptr) {
    lock.unlock();
    (*request)();  // throws nothing: whoever asks sees to that
    lock.lock();
    session.request = nullptr;
    session.changed.notify_all();
  }
  if (!session.job) {
    session.wake = nullptr;
    return State::ended;
  }
  const auto now = Clock::now();
  if (now < deadline_) return State::running;
  if (now > deadline_ + kGrace) {
    session.revoked = session.given_up = true;
    ++given_up_threads;
    session.wake = nullptr;
    session.changed.notify_all();
    // It may spin for ever: it gets what time nobody else wants.
    const sched_param none = {};
    pthread_setschedparam(thread_.native_handle(), SCHED_IDLE, &none);
    thread_.detach();
    return State::given_up;
  }
  session.stop_wanted = session.in_lua;
  if (session.in_lua) lua_sethook(session.lua, stop, LUA_MASKCOUNT, 1);
  due_ = now + kAgain;
  return State::running;
}

double Watchdog::cost() {
  clockid_t clock = 0;
  timespec time = {};
  if (!thread_.joinable() || pthread_getcpuclockid(thread_.native_handle(), &clock) != 0 ||
      clock_gettime(clock, &time) != 0)
    return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Watchdog::State Watchdog::wait() {
  while (true) {
    const State state = attend();
    if (state != State::running) return state;
    std::unique_lock lock(session_->mutex);
    session_->changed.wait_until(lock, due_, [this] {
      return !session_->job || (session_->request != nullptr && !session_->revoked);
    });
  }
}

}  // namespace perigee
