// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/loop.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace perigee;

namespace {

struct Pair {
  Pair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0); }
  ~Pair() {
    for (const int end : ends) close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  std::array<int, 2> ends{-1, -1};
};

}  // namespace

TEST_CASE("a file is called for as long as it can be read, one byte at a time or not at all") {
  Loop loop;
  const Pair pair;
  REQUIRE(write(pair.ends[0], "abc", 3) == 3);
  std::string read_so_far;
  int ignored = 0;
  const Loop::Hook hook = loop.when_readable(pair.ends[1], [&] {
    if (++ignored < 3) return;  // it is still there
    char byte = 0;
    REQUIRE(read(pair.ends[1], &byte, 1) == 1);
    read_so_far += byte;
    if (read_so_far.size() == 3) loop.stop();
  });
  loop.run();
  CHECK(read_so_far == "abc");
  CHECK(ignored == 5);
}

TEST_CASE("one file may wait to be read and to be written, and closing it calls nobody") {
  Loop loop;
  Pair pair;
  int reads = 0, writes = 0;
  const Loop::Hook read_hook = loop.when_readable(pair.ends[1], [&] {
    ++reads;
    loop.stop();
  });
  Loop::Hook write_hook = loop.when_writable(pair.ends[1], [&] {
    if (++writes < 10) return;
    write_hook = {};
    REQUIRE(write(pair.ends[0], "a", 1) == 1);
  });
  loop.run();
  CHECK(reads == 1);
  CHECK(writes == 10);
}

TEST_CASE("timers come in the order of their times, and not once they are gone") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Loop loop;
  const auto start = Loop::Clock::now();
  std::vector<int> called, expected;
  std::vector<Loop::Hook> hooks(100);
  std::vector<int> order(hooks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  std::shuffle(order.begin(), order.end(), random);
  for (const int i : order) {
    hooks[static_cast<std::size_t>(i)] = loop.at(start + std::chrono::microseconds(100 * i), [&, i] {
      CHECK(Loop::Clock::now() >= start + std::chrono::microseconds(100 * i));
      called.push_back(i);
    });
  }
  for (int i = 0; i < 100; ++i) {
    if (random() % 3 == 0)
      hooks[static_cast<std::size_t>(i)] = {};
    else
      expected.push_back(i);
  }
  const Loop::Hook end = loop.at(start + std::chrono::milliseconds(20), [&] { loop.stop(); });
  loop.run();
  CHECK(called == expected);
}

TEST_CASE("a call may take its own hook away or put another in its place") {
  Loop loop;
  int count = 0;
  Loop::Hook hook;
  const std::function<void()> tick = [&] {
    if (++count == 5) return loop.stop();
    hook = loop.at(Loop::Clock::now(), tick);
  };
  tick();
  loop.run();
  CHECK(count == 5);
}

TEST_CASE("other threads may post; what is thrown comes out, and the loop can go on") {
  Loop loop;
  int posted = 0;
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n)
        loop.post([&] {
          if (++posted == 4000) throw std::runtime_error("all");
        });
    });
  CHECK_THROWS_WITH(loop.run(), "all");
  loop.post([&] { loop.stop(); });
  loop.run();
  CHECK(posted == 4000);
}
