// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that fail after a save: the body before plays on.

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A loop of a beat, 24000 frames.
std::string body(std::string_view lines) {
  return fmt::format("output('main', constant(0))\nriff = loop(1, function()\n{}\nend)\n", lines);
}

/// Plays some beats; returns what was printed, and what was told.
std::pair<Texts, Texts> beats(Bench& bench, int count) {
  bench.printed.clear();
  Texts told;
  for (Frames left = count * 24000; left > 0; left -= 480) {
    for (const std::string& one : bench.told(bench.live.play(0.01))) told.push_back(one);
    bench.play(480);
  }
  return {bench.printed, told};
}

/// One line a beat, each once: what is before the beat's number.
Texts each_beat(const Texts& printed) {
  Texts names;
  std::optional<double> last;
  for (const std::string& line : printed) {
    const double beat = std::stod(line.substr(line.find(' ')));
    if (last) CHECK(beat == *last + 1);
    last = beat;
    names.push_back(line.substr(0, line.find(' ')));
  }
  return names;
}

}  // namespace

TEST_CASE("a new body that fails in its first turn gives way to the one before") {
  Bench bench(body("print('one')"));
  CHECK(beats(bench, 4).first.size() >= 4);
  REQUIRE(bench.save(body("print('two')\nwait(1/2)\nnothing.x = 1")) == Texts());
  const auto [printed, told] = beats(bench, 6);
  CHECK(told == Texts{"patch.lua:5: loop riff: nothing is not defined; its body of before plays on"});
  CHECK(std::ranges::count(printed, "two") == 1);
  CHECK(std::ranges::count(printed, "one") >= 3);
  // The next save takes over from it.
  REQUIRE(bench.save(body("print('three')")) == Texts());
  const auto next = beats(bench, 4);
  CHECK(next.second == Texts());
  CHECK(std::ranges::count(next.first, "three") >= 3);
  CHECK(next.first.back() == "three");
}

TEST_CASE("the last good body, not the last") {
  Bench bench(body("print('one')"));
  beats(bench, 3);
  REQUIRE(bench.save(body("print('two') error('no')")) == Texts());
  beats(bench, 3);
  REQUIRE(bench.save(body("print('three') error('no')")) == Texts());
  beats(bench, 3);
  REQUIRE(bench.save(body("print('four') error('no')")) == Texts());
  const auto [printed, told] = beats(bench, 5);
  CHECK(told == Texts{"patch.lua:3: loop riff: no; its body of before plays on"});
  CHECK(std::ranges::count(printed, "four") == 1);
  CHECK(std::ranges::count(printed, "one") >= 3);
}

TEST_CASE("a body that was good once starts again, and is paused after the third time") {
  Bench bench(body("print('one')"));
  beats(bench, 3);
  REQUIRE(bench.save(body(
              "state.n = (state.n or 0) + 1\nprint('two')\nif state.n > 2 then error('no') end")) == Texts());
  const auto [printed, told] = beats(bench, 10);
  CHECK(told.size() == 3);
  CHECK(std::ranges::count(printed, "one") <= 1);  // until the boundary
  CHECK(std::ranges::count(printed, "two") == 5);
}

TEST_CASE("a body whose loop is gone does not come back") {
  Bench bench(body("print('one')"));
  beats(bench, 3);
  REQUIRE(bench.save("output('main', constant(0))\nother = loop(1, function() error('no') end)") == Texts());
  const auto [printed, told] = beats(bench, 6);
  CHECK(printed == Texts());
  CHECK(told.size() == 3);
}

TEST_CASE(
    "while a new body shows what it is, the one before is silent; then one of them plays, each beat once") {
  for (const std::string_view first : {"wait(1/2)", "wait(1/4) wait(1/4)"}) {
    CAPTURE(first);
    Bench bench(body("print('one ' .. now())"));
    beats(bench, 4);
    REQUIRE(bench.save(body(fmt::format("print('two ' .. now())\n{}\nnothing.x = 1", first))) == Texts());
    const auto [printed, told] = beats(bench, 6);
    CHECK(told == Texts{"patch.lua:5: loop riff: nothing is not defined; its body of before plays on"});
    const Texts names = each_beat(printed);
    REQUIRE(names.size() >= 5);
    const auto two = std::ranges::find(names, "two");
    REQUIRE(two != names.end());
    CHECK(two - names.begin() <= 1);  // until the boundary
    CHECK(std::all_of(two + 1, names.end(), [](const std::string& name) { return name == "one"; }));
  }
}

TEST_CASE("each loop goes back to its own body of before, whatever becomes of others") {
  const auto script = [](std::string_view a, std::string_view b) {
    return fmt::format(
        "output('main', constant(0))\n"
        "a = loop(1, function()\n{}\nend)\nb = loop(1, function()\n{}\nend)\n",
        a, b);
  };
  // The other is good at once, or not for long.
  for (const std::string_view other : {"print('other')", "print('other') wait(100)"}) {
    for (const bool a_fails : {false, true}) {
      CAPTURE(other);
      CAPTURE(a_fails);
      Bench bench(script("print('a')", "print('b')"));
      beats(bench, 3);
      constexpr std::string_view fails = "print('no') wait(1/2) error('no')";
      REQUIRE(bench.save(a_fails ? script(fails, other) : script(other, fails)) == Texts());
      CHECK(beats(bench, 3).second == Texts{fmt::format("patch.lua:{}: no; its body of before plays on",
                                                        a_fails ? "3: loop a" : "6: loop b")});
      const auto printed = beats(bench, 3).first;
      CHECK(std::ranges::count(printed, a_fails ? "a" : "b") == 3);
      CHECK(std::ranges::count(printed, a_fails ? "b" : "a") == 0);
      CHECK(std::ranges::count(printed, "no") == 0);
    }
  }
}

TEST_CASE("a body that was never good does not come back, though another of its script plays on") {
  const auto script = [](std::string_view error) {
    return fmt::format(
        "output('main', constant(0))\n"
        "riff = loop(1, function() error('{}') end)\nlong = loop(64, function() wait(60) end)\n",
        error);
  };
  Bench bench(script("one"));
  beats(bench, 1);
  REQUIRE(bench.save(script("two")) == Texts());
  const Texts told = beats(bench, 6).second;
  REQUIRE(told.size() >= 3);
  CHECK(told.back() == "patch.lua:2: loop riff: two; it failed 3 times and is paused");
}

TEST_CASE("a loop without a name plays until the next save") {
  Bench bench("output('main', constant(0))\nloop(1, function() print('one ' .. now()) end)");
  CHECK(each_beat(beats(bench, 4).first).size() >= 4);
  REQUIRE(bench.save("output('main', constant(0))") == Texts());
  CHECK(beats(bench, 4).first == Texts());
}

TEST_CASE("a body that was let go, by a save or by hush, does not come back for one of its name") {
  for (const bool hush : {false, true}) {
    CAPTURE(hush);
    Bench bench(body("print('one')"));
    beats(bench, 3);
    REQUIRE(bench.save(body("print('two') wait(100)")) == Texts());
    CHECK(beats(bench, 3).first.back() == "two");
    if (hush) {
      bench.live.start_run({.text = "hush()", .file = "block.lua"}, {});
      while (!bench.live.attend_run()) std::this_thread::sleep_for(std::chrono::microseconds(200));
    } else {
      REQUIRE(bench.save("output('main', constant(0))") == Texts());
    }
    beats(bench, 2);
    REQUIRE(bench.save(body("print('three') error('no')")) == Texts());
    const auto [printed, told] = beats(bench, 6);
    CHECK(std::ranges::count(printed, "one") == 0);
    CHECK(std::ranges::count(printed, "three") == 3);
    CHECK(told.size() == 3);
  }
}
