// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// C that would run for ever, or for very long, is stopped as Lua is; what cannot be stopped does not add up.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "script/watchdog.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Of /proc/self/status: kB, or a number.
long status(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  return -1;
}

/// How a script ends that has 0.1 s.
std::string stopped(const std::string& text) {
  ScriptOptions options = script_options();
  options.seconds = 0.1;
  const Result result = run(text, options);
  return result.mistakes.empty() ? "none" : result.mistakes[0];
}

constexpr std::string_view kStopped = "patch.lua:2: stopped: it ran for more than 0.1 s";

}  // namespace

TEST_CASE("patterns that would take for ever are stopped, and nothing is left behind") {
  const long threads = status("Threads"), memory = status("VmRSS");
  const std::string bomb = "local s, p = ('a'):rep(200), ('a-'):rep(9) .. 'b'\n";
  for (int i = 0; i < 4; ++i)
    for (const char* call : {"s:find(p)", "s:match(p)", "s:gsub(p, '')", "for x in s:gmatch(p) do end",
                             "pcall(string.find, s, p)"}) {
      CAPTURE(call);
      CHECK(stopped(bomb + call) == kStopped);
    }
  CHECK(Watchdog::given_up() == 0);
  CHECK(status("Threads") == threads);
  CHECK(status("VmRSS") < memory + 100000);
}

TEST_CASE("so is all else of C's that a few bytes could keep busy") {
  const auto slow = [](const std::string& before, const std::string& call) {
    CAPTURE(call);
    CHECK(stopped(before + "\n" + call) == kStopped);
  };
  // A long text in one that nearly holds it everywhere.
  slow("local s = ('a'):rep(4e6) local p = ('a'):rep(2e6) .. 'b'", "s:find(p, 1, true)");
  slow("local s = ('a'):rep(4e6) local p = ('a'):rep(2e6) .. 'b'", "s:find(p)");
  slow("local s = ('a'):rep(1e6) .. '(' .. ('a'):rep(1e6)", "for i = 1, 1e6 do s:match('(%b())%1') end");
  slow("local s, p = ('b'):rep(1e6), '[' .. ('a'):rep(1e5) .. ']*x'", "s:find(p)");
  slow("local s = ('a'):rep(1e6)", "s:match('^(a*)(.-)%1$')");
  // As many as there is time for, and in an order that is no order.
  slow("local t = {} for i = 1, 1e5 do t[i] = 1e5 - i end",
       "for i = 1, 1e5 do table.sort(t, rawequal) table.sort(t) end");
  slow(
      "local a, b, t = ('a'):rep(1e6) .. 'b', ('a'):rep(1e6) .. 'c', {} for i = 1, 5e4 do t[i] = i % 2 == 0 "
      "and a or b end",
      "table.sort(t)");
  CHECK(stopped("local t = {}\ntable.insert(t, -2e9, 1)") ==
        "patch.lua:2: bad argument #2 to 'insert' (position out of bounds)");
  CHECK(Watchdog::given_up() == 0);
}

TEST_CASE("a table is sorted and filled as ever") {
  CHECK(run("local t = { 'b', 'c', 'a' } table.sort(t) print(table.concat(t)) table.sort(t, function(a, b) "
            "return a > b end) "
            "print(table.concat(t)) table.insert(t, 1, 'x') table.insert(t, 'y') print(table.concat(t)) "
            "table.insert(t, 0, 'z') print(t[0])")
            .printed == std::vector<std::string>{"abc", "cba", "xcbay", "z"});
  CHECK(run("table.sort({ 1, 'a', 2 })").mistakes.at(0).starts_with("patch.lua:1: attempt to compare"));
  CHECK(run("table.sort({ 3, 1, 2, 5, 4 }, function() return true end)").mistakes.at(0) ==
        "patch.lua:1: invalid order function for sorting");
}

TEST_CASE("threads that nothing can stop are two at most: then nothing is loaded until one has ended") {
  const Folder folder;
  const std::string pipe = (folder.path / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  ScriptOptions options = script_options();
  options.trust = true;
  options.seconds = 0.05;
  const auto stuck = folder.write("stuck.lua", fmt::format("io.open('{}')", pipe));
  const auto fine = folder.write("fine.lua", "x = 1");
  const long threads = status("Threads");
  std::vector<std::string> told;
  for (int i = 0; i < 20; ++i) told.push_back(to_string(load_script(stuck, options).mistakes.at(0)));
  CHECK(told[0].find("stuck.lua: stopped: it ran for more than 0.05 s inside a function that nothing can "
                     "interrupt; its thread goes on at the lowest priority") != std::string::npos);
  for (std::size_t i = 2; i < told.size(); ++i)
    CHECK(told[i].find("stuck.lua: not loaded: 2 scripts before it still run inside functions that nothing "
                       "can interrupt") != std::string::npos);
  CHECK(Watchdog::given_up() == 2);
  CHECK(status("Threads") == threads + 2);
  CHECK(load_script(fine, options).mistakes.size() == 1);
  // Somebody writes: they go on, and end.
  const int writer = open(pipe.c_str(), O_WRONLY);
  REQUIRE(writer >= 0);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (Watchdog::given_up() > 0 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  close(writer);
  CHECK(Watchdog::given_up() == 0);
  options.seconds = 20;
  CHECK(load_script(fine, options).mistakes.empty());
}
