// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs in logical time keeps to the limits of its script, and leaves nothing behind.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A script of 8 MiB whose loops go on one by one.
class TaskStage {
 public:
  explicit TaskStage(const std::string& text, bool trust = false)
      : script_(options(text, trust)), loaded_(script_.load("patch.lua")) {
    for (const Mistake& mistake : loaded_.mistakes) FAIL_CHECK(to_string(mistake));
    script_.keep();
    script_.start_loops(0, loaded_.patch, *loaded_.moment);
  }

  /// What is told when the next one goes on, or "".
  std::string go_on(double seconds = 60) {
    const Played played = script_.play(seconds);
    return played.mistakes.empty() ? "" : to_string(played.mistakes[0]);
  }
  void stop() { script_.stop_loops(); }
  double next_beat() const { return script_.next_beat(); }
  bool tell(const std::string& name, double beat) { return script_.tell({.name = name}, beat); }
  bool tell(const std::string& name) { return script_.tell({.name = name}, script_.next_beat()); }

  std::vector<std::string> printed;

 private:
  ScriptOptions options(const std::string& text, bool trust) {
    ScriptOptions options = script_options(&printed);
    options.trust = trust;
    options.memory = 8 << 20;
    options.text = text;
    return options;
  }

  Script script_;
  Loaded loaded_;
};

}  // namespace

TEST_CASE("turns that fail leave nothing behind") {
  TaskStage stage(R"(turn = 0
riff = loop(1, function()
  local held = ("x"):rep(1e5) .. turn
  turn = turn + 1
  if turn % 2 == 0 then error("no") end
end))");
  for (int turn = 1; turn <= 300; ++turn) {
    CAPTURE(turn);
    REQUIRE(stage.go_on() ==
            (turn % 2 == 0 ? "patch.lua:5: loop riff: no; it starts again with its next turn" : ""));
  }
}

TEST_CASE("callbacks that wait for no time, or go on no more, leave nothing behind") {
  TaskStage stage(R"(count = 0
osc.on("/idle", function()
  local held = ("x"):rep(1e5) .. count
  count = count + 1
  if count % 2 == 0 then while true do wait(0) end end
end)
osc.on("/wait", function()
  local held = ("x"):rep(1e4) .. count
  count = count + 1
  wait(1)
end)
osc.on("/stand", function() while true do wait(1e-320) end end)
osc.on("/yield", function() coroutine.yield(0/0) end))");
  REQUIRE(stage.tell("osc /stand", 1));
  std::string told;
  for (int i = 0; i <= 2000 && told.empty(); ++i) told = stage.go_on();
  CHECK(told == "patch.lua:12: the function for \"osc /stand\": it waits for no time, again and again");
  REQUIRE(stage.tell("osc /yield", 1));
  CHECK(stage.go_on() ==
        "patch.lua:13: the function for \"osc /yield\": coroutine.yield is for a script's own coroutines: a "
        "loop or "
        "callback goes on later by wait(beats)");
  for (int i = 1; i <= 200; ++i) {
    REQUIRE(stage.tell("osc /idle", i));
    REQUIRE(stage.go_on() ==
            (i % 2 == 0 ? "patch.lua:2: the function for \"osc /idle\": it waits for no time, again and again"
                        : ""));
  }
  for (int i = 1; i <= 1100; ++i) {
    REQUIRE(stage.tell("osc /wait", i));
    REQUIRE(stage.go_on() == "");
    stage.stop();
  }
}

TEST_CASE("a turn that hangs in a pattern is stopped, and nothing else") {
  TaskStage stage(R"(riff = loop(1, function() ("a"):rep(200):find(("a-"):rep(9) .. "b") end)
beat = loop(1, function() end))");
  CHECK(stage.go_on(0.01) ==
        "patch.lua:1: loop riff: stopped: it ran for too long; it starts again with its next turn");
  CHECK(stage.go_on() == "");
  CHECK(stage.next_beat() == 1);
}

TEST_CASE("a turn that nothing can interrupt is given up, and the script's loops with it") {
  const Folder folder;
  const std::string pipe = (folder.path / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  TaskStage stage(
      fmt::format("riff = loop(1, function() io.open('{}') end)\nbeat = loop(1, function() end)", pipe),
      true);
  const std::string told = stage.go_on(0.01);
  // Who opens it lets the thread go on, and end.
  const int writer = open(pipe.c_str(), O_WRONLY);
  REQUIRE(writer >= 0);
  close(writer);
  CHECK(told ==
        "patch.lua:1: stopped: a loop or callback ran for too long inside a function that nothing can "
        "interrupt; "
        "the script's loops are lost until it is saved again");
  CHECK(stage.next_beat() == HUGE_VAL);
  CHECK(stage.go_on() == "");
}

TEST_CASE("turns do not add to what a script may take") {
  TaskStage stage(R"(held = {}
riff = loop(1, function()
  held[#held + 1] = ("x"):rep(1e5) .. #held
end))");
  int turns = 1;
  while (turns < 200 && stage.go_on().empty()) ++turns;
  CHECK(turns > 40);
  CHECK(turns < 90);
}

TEST_CASE("where no memory is left, turns and callbacks fail, and nothing else does") {
  TaskStage stage(R"(list = {}
osc.on("/a", function() list = { list } end)
riff = loop(1, function()
  while true do list = { list } end
end)
beat = loop(1, function() print("beat") end))");
  for (int i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(stage.go_on().find("loop riff: stopped: it took too much memory") != std::string::npos);
    CHECK(stage.go_on() == "");
  }
  CHECK(stage.printed == std::vector<std::string>(3, "beat"));
  for (int i = 0; i < 3; ++i) {
    CHECK(stage.tell("osc /a"));
    CHECK(stage.go_on().find("stopped: it took too much memory") != std::string::npos);
  }
}

TEST_CASE("what took too much memory once has room again") {
  TaskStage stage(R"(turn = 0
riff = loop(1, function()
  turn = turn + 1
  local t = {}
  for i = 1, turn == 1 and 1000 or 20 do t[i] = ("x"):rep(1e5) .. i end
end))");
  CHECK(stage.go_on().find("stopped: it took too much memory") != std::string::npos);
  for (int i = 0; i < 20; ++i) CHECK(stage.go_on() == "");
}

TEST_CASE("each failure is told as what it is, at its line, whatever failed before") {
  TaskStage stage(R"(turn = 0
riff = loop(1, function()
  turn = turn + 1
  if turn == 1 then while true do end end
  if turn == 2 then error("no") end
  if turn == 4 then local t = {} while true do t = { t } end end
  if turn == 5 then nothing.x = 1 end
  if turn == 7 then error({}) end
end))");
  const std::string again = "; it starts again with its next turn";
  CHECK(stage.go_on(0.05) == "patch.lua:4: loop riff: stopped: it ran for too long" + again);
  CHECK(stage.go_on() == "patch.lua:5: loop riff: no" + again);
  CHECK(stage.go_on() == "");
  CHECK(stage.go_on() == "patch.lua:6: loop riff: stopped: it took too much memory" + again);
  CHECK(stage.go_on() == "patch.lua:7: loop riff: nothing is not defined" + again);
  CHECK(stage.go_on() == "");
  CHECK(stage.go_on().starts_with("patch.lua:8: loop riff: "));
}

TEST_CASE("now is the beat of the turn, and goes on with what is waited for") {
  TaskStage stage(R"(
riff = loop(3, function()
  print(now())
  wait(65536)
  print(now())
  wait(0)
  print(now())
end))");
  for (int i = 0; i < 3; ++i) CHECK(stage.go_on() == "");
  CHECK(stage.printed == std::vector<std::string>{"0", "65536", "65536", "65538"});
}
