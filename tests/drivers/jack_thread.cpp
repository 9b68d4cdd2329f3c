// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_thread.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>

#include "drivers/gate.h"

using namespace perigee;

namespace {

using std::chrono::milliseconds;
using Outcome = JackThread::Outcome;

constexpr Patience kLong{.silence = std::chrono::seconds(60)}, kShort{.silence = milliseconds(5)};

/// A server that does not answer until it is let go on.
struct Hang {
  std::promise<void> promise;
  std::shared_future<void> answered = promise.get_future().share();
  JackThread::Job call() {
    return [answered = answered] { answered.wait(); };
  }
  void answer() { promise.set_value(); }
};

}  // namespace

TEST_CASE("jobs come in order, what is for later after them, and each look once") {
  const auto thread = JackThread::start();
  Hang hang;
  std::string order;
  thread->post(hang.call());
  thread->post_later([&] { order += "L"; });
  thread->post_look([&] { order += "o"; });
  thread->post_look([&] { order += "x"; });
  thread->post([&] { order += "1"; });
  thread->post([&] { order += "2"; });
  thread->post_later([&] { order += "M"; });
  hang.answer();
  CHECK(thread->catch_up(kLong) == Outcome::done);
  CHECK(order == "12oLM");
  CHECK(thread->end([&] { order += "."; }, kLong) == Outcome::done);
  CHECK(order == "12oLM.");
  thread->post([&] { order += "never"; });
  CHECK(order == "12oLM.");
  CHECK(!JackThread::left_behind());
}

TEST_CASE("what a job throws is thrown to who waits for it") {
  const auto thread = JackThread::start();
  CHECK_THROWS_WITH(thread->run([] { throw std::runtime_error("no"); }, kLong), "no");
  CHECK(thread->run([] {}, kLong) == Outcome::done);
  CHECK(thread->end([] {}, kLong) == Outcome::done);
}

TEST_CASE("nobody waits longer than he wants to, and what is over late is over all the same") {
  const auto thread = JackThread::start();
  Hang hang;
  CHECK(thread->run(hang.call(), kShort) == Outcome::too_long);
  std::atomic<bool> done{false};
  CHECK(thread->run([&] { done = true; }, kShort) == Outcome::too_long);
  hang.answer();
  CHECK(thread->run([] {}, kLong) == Outcome::done);
  CHECK(done);
  CHECK(thread->end([] {}, kLong) == Outcome::done);
}

TEST_CASE("an interruption ends the wait, and what is none does not") {
  const auto thread = JackThread::start();
  Hang hang;
  Bell bell;
  int asked = 0;
  bell.ring();
  const Interruption interruption{bell.fd(), [&] { return ++asked == 3; }};
  CHECK(thread->run(hang.call(), kLong, interruption) == Outcome::interrupted);
  CHECK(asked == 3);
  hang.answer();
  CHECK(thread->end([] {}, kLong) == Outcome::done);
}

TEST_CASE("a server that answers something now and then is waited for, within bounds") {
  const auto thread = JackThread::start();
  std::atomic<bool> enough{false};
  const auto busy = [&] {
    while (!enough) thread->moved();
  };
  CHECK(thread->run(busy, {.silence = milliseconds(100), .in_all = milliseconds(300)}) == Outcome::too_long);
  enough = true;
  CHECK(thread->end([] {}, kLong) == Outcome::done);
}

TEST_CASE("what is in a call that never returns is left behind; what waits is dropped") {
  const auto hang = std::make_shared<Hang>();
  const auto left = std::make_shared<std::promise<void>>();
  std::atomic<bool> dropped{true};
  const auto thread = JackThread::start();
  thread->post([hang, left] {
    hang->answered.wait();
    left->set_value();
  });
  while (thread->run([] {}, kShort) != Outcome::too_long) continue;
  thread->post([&] { dropped = false; });
  thread->post_later([&] { dropped = false; });
  CHECK(thread->end([] {}, kShort) == Outcome::too_long);
  CHECK(JackThread::left_behind());
  hang->answer();  // so that the sanitizers see it end
  left->get_future().wait();
  CHECK(dropped);
}

TEST_CASE("nobody is behind a gate that is closed") {
  Gate gate;
  std::atomic<bool> running{true}, closed{false};
  std::atomic<int> passed{0};
  std::thread caller([&] {
    while (running)
      gate.pass([&] {
        CHECK(!closed);
        ++passed;
      });
  });
  while (passed < 1000) std::this_thread::yield();
  gate.close();
  closed = true;
  const int then = passed;
  gate.pass([&] { FAIL_CHECK("it is open"); });
  running = false;
  caller.join();
  CHECK(passed == then);
}
