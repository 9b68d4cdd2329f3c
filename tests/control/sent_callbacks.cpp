// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Callbacks that code names which is sent: they hold, or what was there before is back.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "support/effort.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Sends code; returns what is told.
Texts send_names(Bench& bench, const std::string& code) {
  bench.live.start_run({.text = code, .file = "block.lua"}, {});
  while (true) {
    if (const auto sent = bench.live.attend_run()) {
      bench.settle();
      return bench.told(sent->mistakes);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

/// What a message of OSC has the script print, or say went wrong.
Texts answers_to(Bench& bench, const std::string& path) {
  bench.printed.clear();
  bench.live.tell({.name = "osc " + path});
  const Texts mistakes = bench.told(bench.live.play(0.1));
  bench.printed.insert(bench.printed.end(), mistakes.begin(), mistakes.end());
  return bench.printed;
}

}  // namespace

TEST_CASE("whatever is sent, and fails or not, each function is the one that was named last and holds") {
  const std::vector<std::string> paths = {"/a", "/b", "/c", "/d"};
  // Found at once, by Lua, by the patch that is made, and only when it is to play.
  const std::vector<std::string> wrong = {"x = = 1", "error('no')", "sine('loud')", "nothing.x = 1",
                                          "output('two', constant(1))"};
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Bench bench("output('main', constant(0))\nosc.on('/a', function() print('saved') end)");
  bench.live.play(0.1);
  bench.driver.room = 1;  // channel
  std::map<std::string, std::string> named = {{"/a", "saved"}};
  REQUIRE(send_names(bench, "osc.on('/a', false)\nerror('no')") == Texts{"block.lua:2: no"});
  CHECK(answers_to(bench, "/a") == Texts{"saved"});
  int failed = 0;
  for (int round = 0; round < effort(300); ++round) {
    CAPTURE(round);
    std::string code;
    auto next = named;
    for (unsigned i = random() % 5; i > 0; --i) {
      const std::string& path = paths[random() % paths.size()];
      if (random() % 4 == 0) {
        code += fmt::format("osc.on('{}', false)\n", path);
        next.erase(path);
      } else {
        next[path] = fmt::format("{} {} {}", path, round, i);
        code += fmt::format("osc.on('{}', function() print('{}') end)\n", path, next[path]);
      }
    }
    const bool fails = random() % 3 == 0;
    if (fails) code += wrong[random() % wrong.size()];
    CAPTURE(code);
    REQUIRE(send_names(bench, code).empty() != fails);
    failed += fails ? 1 : 0;
    if (!fails) named = next;
    for (const std::string& path : paths)
      REQUIRE(answers_to(bench, path) == (named.contains(path) ? Texts{named[path]} : Texts()));
  }
  CHECK(failed > 0);
}

TEST_CASE("functions that others have taken the place of are let go: a script's memory is not used up") {
  // 8 MiB each, of 256.
  const auto holding = [](const std::string& number, std::string_view does = "print(#held)") {
    return fmt::format("local held = ('x'):rep(2 ^ 23) .. {}\nosc.on('/a', function() {} end)\n", number,
                       does);
  };
  Bench bench("output('main', constant(0))");
  bench.live.play(0.1);
  for (int i = 100; i < 140; ++i) {
    CAPTURE(i);
    REQUIRE(send_names(bench, holding(std::to_string(i))) == Texts());
    REQUIRE(send_names(bench, holding(std::to_string(i)) + "error('no')") == Texts{"block.lua:3: no"});
  }
  CHECK(answers_to(bench, "/a") == Texts{std::to_string((1 << 23) + 3)});
  // So are those that are called no more.
  for (int i = 100; i < 140; ++i) {
    CAPTURE(i);
    REQUIRE(send_names(bench, holding(std::to_string(i), "error(#held)")) == Texts());
    for (int times = 0; times < 3; ++times) CHECK(answers_to(bench, "/a").size() == 1);
    CHECK(answers_to(bench, "/a") == Texts());
  }
  // And all but the last of a name.
  CHECK(bench.save("for i = 100, 140 do\n" + holding("i") + "end\noutput('main', constant(0))") == Texts());
}
