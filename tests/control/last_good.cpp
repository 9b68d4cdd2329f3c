// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops that fail after a save: the body before plays on.

#include <doctest/doctest.h>

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
