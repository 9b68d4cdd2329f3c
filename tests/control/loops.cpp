// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <random>
#include <string>

#include "support/performance.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Plays a script from frame 0, in random periods.
Performance play(const std::string& text, Frames frames, unsigned seed) {
  LoadedPatch patch = load("loops.lua", {.text = text, .print = [](std::string_view) {}});
  for (const Mistake& mistake : patch.mistakes) MESSAGE(to_string(mistake));
  REQUIRE(patch.program != nullptr);
  REQUIRE(patch.loops != nullptr);
  Performance performance = perform(std::move(patch), {}, frames, {.frames = 1500, .seed = seed});
  CHECK(performance.faults == 0);
  return performance;
}

/// Frames at which a lane leaves or reaches 0.
std::vector<Frames> edges(const Lane& lane) {
  std::vector<Frames> found;
  for (std::size_t i = 0; i < lane.size(); ++i)
    if ((lane[i] > 0) != (i > 0 && lane[i - 1] > 0)) found.push_back(static_cast<Frames>(i));
  return found;
}

Frames frame_of(double beat, double tempo, double rate) {
  return static_cast<Frames>(std::floor(beat * 60 * rate / tempo + 0.5));
}

}  // namespace

TEST_CASE("sixteenths at 174 beats a minute land on their frames for ten minutes") {
  std::random_device device;
  const auto seed = device() | 1U;
  CAPTURE(seed);
  const auto performance = play(R"(
    tempo(174)
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    grid = loop(4, function()
      for i = 1, 16 do
        v:note(60, 1, 1/8)
        local waste = {}
        if i % 5 == 0 then for k = 1, 300 do waste[k] = {} end end
        wait(1/4)
      end
    end)
  )",
                                10 * 60 * 48000, seed);
  CHECK(performance.mistakes.empty());
  std::vector<Frames> expected;
  for (int sixteenth = 0;; ++sixteenth) {
    const Frames on = frame_of(sixteenth / 4.0, 174, 48000),
                 off = frame_of(sixteenth / 4.0 + 1.0 / 8, 174, 48000);
    if (on < 10 * 60 * 48000) expected.push_back(on);
    if (off >= 10 * 60 * 48000) break;
    expected.push_back(off);
  }
  CHECK(expected.size() > 13000);
  CHECK(edges(performance.out[0]) == expected);
}

TEST_CASE("what a loop sets lands on the frame of its beat, in the sound that was made for it") {
  for (const int lag : {0, 64, 2048}) {
    CAPTURE(lag);
    // The level is heard behind a lag that is declared: it waits for the sound that it was set for.
    const auto performance = play(fmt::format(R"(
      way = constant(1):lag({})
      gate = constant(0)
      level = way * gate
      output("main", level)
      on = loop(1, function() gate.value = 1; wait(1/2); gate.value = 0 end)
    )",
                                              lag),
                                  96000, 7);
    CHECK(performance.mistakes.empty());
    const auto found = edges(performance.out[0]);
    REQUIRE(found.size() >= 6);
    for (std::size_t i = 0; i < found.size(); ++i) {
      CAPTURE(i);
      // constant's value is ramped over 5 ms: it leaves 0 a frame after it sets out, and is back after 240.
      const Frames beat = static_cast<Frames>(i) * 12000 + lag;
      CHECK(found[i] - beat >= 0);
      CHECK(found[i] - beat <= 240);
    }
  }
}

TEST_CASE("a tempo that changes in a loop moves what comes after, and nothing before") {
  const auto performance = play(R"(
    tempo(120)
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    once = loop(64, function() wait(2); tempo(60) end)
    beat = loop(1, function() v:note(60, 1, 1/4) end)
  )",
                                48000 * 6, 3);
  const auto found = edges(performance.out[0]);
  const std::vector<Frames> expected = {0,      6000,   24000,  30000,  48000,  60000,  96000,
                                        108000, 144000, 156000, 192000, 204000, 240000, 252000};
  CHECK(found == expected);
}

TEST_CASE("a loop that fails starts again, and is paused after the third time; others play on") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    good = loop(1, function() v:note(60, 1, 1/4) end)
    bad = loop(1, function()
      wait(1/2)
      nothing.here = 1
    end)
  )",
                                48000 * 4, 5);
  REQUIRE(performance.mistakes.size() == 3);
  for (const Mistake& mistake : performance.mistakes) CHECK(mistake.where.line == 7);
  CHECK(performance.mistakes[0].text.find("loop bad: ") == 0);
  CHECK(performance.mistakes[2].text.find("is paused") != std::string::npos);
  CHECK(edges(performance.out[0]).size() == 16);
}

TEST_CASE("a loop that never waits, or not for any time, is stopped, and the rest plays on") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    good = loop(1, function() v:note(60, 1, 1/4) end)
    spins = loop(2, function() while true do end end)
    idles = loop(2, function() while true do wait(0) end end)
    swallows = loop(2, function() while true do pcall(function() while true do end end) end end)
    eats = loop(2, function() local t = {} while true do t[#t + 1] = ("x"):rep(1e6) .. #t end end)
  )",
                                48000 * 2, 5);
  REQUIRE(performance.mistakes.size() >= 4);
  CHECK(edges(performance.out[0]).size() == 8);
}

TEST_CASE("in a loop nothing is made or wired") {
  for (const auto& [body, text] : std::vector<std::pair<std::string, std::string>>{
           {"x = sine(440)", "nodes are made while the patch loads"},
           {"v.value = sine(1)", "nodes are made while the patch loads"},
           {"c.valu = 1", "did you mean value"},
           {"c.value = {}", "takes a number"},
           {"c:note(60)", "has no voices"},
           {"v:note(128)", "128 is above 127"},
           {"v:note(60, 2)", "2 is above 1"},
           {"p:set{ value = 3, over = 1, curve = 'x' }", "curve is"},
           {"p:set(70)", "70 is above 10"},
           {"loop(1, print)", "a loop cannot be made in a loop"}}) {
    CAPTURE(body);
    const auto performance = play(fmt::format(R"(
      v = voices(1, function(v) return v.gate end)
      c = constant(1)
      p = param{{ 1, 0, 10 }}
      output("main", v * c * p)
      one = loop(4, function() {} end)
    )",
                                              body),
                                  24000, 5);
    REQUIRE(performance.mistakes.size() == 1);
    CHECK(performance.mistakes[0].text.find(text) != std::string::npos);
    CHECK(performance.mistakes[0].where.line == 6);
    MESSAGE(to_string(performance.mistakes[0]));
  }
}

TEST_CASE("forty megabytes of live data move nothing") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    held = {}
    for i = 1, 400000 do held[i] = { i, tostring(i) } end
    beat = loop(1/4, function()
      for i = 1, 200 do held[math.random(#held)] = { i, tostring(i) } end
      v:note(60, 1, 1/8)
    end)
  )",
                                48000 * 5, 5);
  CHECK(performance.mistakes.empty());
  const auto found = edges(performance.out[0]);
  REQUIRE(found.size() == 80);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == static_cast<Frames>(i) * 3000);
}
