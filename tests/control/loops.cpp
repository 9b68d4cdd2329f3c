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

TEST_CASE(
    "the index of a switch with a tail is set on its frame, and what lies between two numbers is not "
    "chosen") {
  std::random_device device;
  const auto seed = device() | 1U;
  CAPTURE(seed);
  const auto heard = [&](std::string_view index, std::string_view loop) {
    const auto performance = play(fmt::format(R"(
      a, b, c = noise{{ seed = 1 }}, noise{{ seed = 2 }}, noise{{ seed = 3 }}
      scene = switch({}, {{ a, b:delay(0.01, {{ feedback = 0.8 }}), c:reverb{{ size = 0.2 }} }}, {{ fade = 0.05, tail = 0.1 }})
      output("main", scene)
      {}
    )",
                                              index, loop),
                                  4 * 48000, seed);
    CHECK(performance.mistakes.empty());
    return performance.out[0];
  };
  const Lane by_lane =
      heard(R"(lane({ {0, 0}, {0.25, 2, "step"}, {0.375, 1, "step"}, {0.5, 0, "step"} }, { loop = 0.5 }))",
            "loop(1, function() end)");
  const std::string turns = "scene.index = 0 wait(1/2) scene.index = 2 wait(1/4) scene:set{ index = 1 }";
  CHECK(identical({heard("0", fmt::format("loop(1, function() {} end)", turns))}, {by_lane}));
  CHECK_FALSE(identical({heard("0", "loop(1, function() end)")}, {by_lane}));
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

TEST_CASE("a loop has the name of the global that holds it, whatever other tables hold") {
  const auto performance = play(R"(
    output("main", constant(0))
    one, two, three = { loop = 0.5 }, { loop = -1e308 }, { loop = "0" }
    four, five = { loop = 0 / 0 }, { loop = 1 / 0 }
    bad = loop(1, function() error("no") end)
  )",
                                48000, 5);
  REQUIRE_FALSE(performance.mistakes.empty());
  CHECK(performance.mistakes[0].text.starts_with("loop bad: no"));
}

TEST_CASE("a loop that never waits, or not for any time, is stopped, and the rest plays on") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    good = loop(1, function() v:note(60, 1, 1/4) end)
    spins = loop(2, function() while true do end end)
    idles = loop(2, function() while true do wait(0) end end)
    swallows = loop(2, function() while true do pcall(function() while true do end end) end end)
    floods = loop(2, function() while true do v:note(72, 1, 1/8) end end)
    eats = loop(2, function() local t = {} while true do t[#t + 1] = ("x"):rep(1e6) .. #t end end)
  )",
                                48000 * 2, 5);
  REQUIRE(performance.mistakes.size() >= 4);
  const auto idle = [](const Mistake& one) {
    return one.text.starts_with("loop idles: it waits for no time, again and again");
  };
  CHECK(std::ranges::count_if(performance.mistakes, idle) > 0);
  const auto flood = [](const Mistake& one) {
    return one.text.starts_with("loop floods: it asks for more than 65536 notes and sets without a wait") ||
           one.text.starts_with("loop floods: stopped: it ran for too long");  // on a slow machine
  };
  CHECK(std::ranges::count_if(performance.mistakes, flood) > 0);
  CHECK(edges(performance.out[0]).size() == 8);
}

TEST_CASE("what counts is that the frame moves: a loop that stands still is stopped, and the rest plays on") {
  constexpr const char* kStands = "it waits for no time, again and again";
  constexpr const char* kYields = "coroutine.yield is for a script's own coroutines";
  for (const auto& [body, text] : std::vector<std::pair<std::string, std::string>>{
           {"while true do wait(5e-324) end", kStands},
           {"while true do wait(1e-320) end", kStands},
           {"while true do wait(1e-9) end", kStands},
           {"wait(1/3) while true do wait(1e-17) end", kStands},
           {"local x = 1e-6 while true do wait(x) x = x / 2 end", kStands},
           {"while true do v:note(72, 0, 1e-320) wait(1e-12) end", kStands},
           {"while true do tempo(120) wait(1e-12) end", kStands},
           {"while true do pcall(wait, 1e-12) end", kStands},
           {"while true do wait(-0.0) end", kStands},
           {"while true do coroutine.yield(0/0) end", kYields},
           {"while true do coroutine.yield(-1) end", kYields},
           {"while true do coroutine.yield(1/0) end", kYields},
           {"coroutine.yield(-1e300)", kYields},
           {"coroutine.yield()", kYields},
           {"coroutine.yield('x', {}, 1)", kYields},
           {"wait(-1)", "wait: -1"},
           {"wait(1e300)", "is not between 0 and 65536 beats"},
           {"wait(1/0)", "wait: inf"},
           {"wait(0/0)", "is not between 0 and 65536 beats"},
           {"wait('x')", "wait takes beats, not string"},
           {"wait()", "wait takes beats, not no value"},
           {"tempo(1e300)", "is not between 1 and 1000"},
           {"tempo(1e-300)", "is not between 1 and 1000"},
           {"v:note(60, 1, -1e-320)", "length"},
           {"v:note(60, 1, 0/0)", "length is not a number"},
           {"v:note(60, 1, 1/0)", "length is infinite"},
           {"c:set{ value = 1, over = 0/0 }", "over is not a number"},
           {"c:set{ value = 1, over = 1e300 }", "over 1e+300 is above 3600"},
       }) {
    CAPTURE(body);
    const auto performance = play(fmt::format(R"(
      v = voices(1, function(v) return v.gate end)
      c = constant(0)
      output("main", v + c)
      bad = loop(4, function() {} end)
      good = loop(1, function() v:note(60, 1, 1/4) end)
    )",
                                              body),
                                  48000 * 2, 5);
    REQUIRE(performance.mistakes.size() == 1);
    CHECK(performance.mistakes[0].where.line == (text == kStands ? 5 : performance.mistakes[0].where.line));
    CHECK(performance.mistakes[0].where.line > 0);
    CHECK(performance.mistakes[0].text.starts_with("loop bad: "));
    CHECK(performance.mistakes[0].text.find(text) != std::string::npos);
    CHECK(edges(performance.out[0]).size() == 8);
  }
}

TEST_CASE("waits of less than a frame that get somewhere are as good as others") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    fine = loop(1, function() for i = 1, 500 do wait(1e-9) end v:note(60, 1, 1/4) end)
    glide = loop(1, function() for i = 1, 600 do wait(1/1024) wait(0) end end)
    tick = loop(1/256, function() wait(0) wait(1e-320) end)
  )",
                                48000 * 2, 5);
  CHECK(performance.mistakes.empty());
  CHECK(edges(performance.out[0]).size() == 8);
}

TEST_CASE("a thousand loops cannot hold time up together where none does alone") {
  for (const char* wait : {"1e-6", "1e-5"}) {
    CAPTURE(wait);
    const auto performance = play(fmt::format(R"(
      v = voices(1, function(v) return v.gate end)
      output("main", v)
      good = loop(1, function() wait(0) v:note(60, 1, 1/4) end)
      for i = 1, 1000 do
        loop(1, function() while true do wait({}) end end)
      end
    )",
                                              wait),
                                  48000 * 2, 5);
    REQUIRE(performance.mistakes.size() >= 9);
    for (const Mistake& one : performance.mistakes) CHECK(one.where.line == 6);
    CHECK(performance.mistakes[0].text ==
          "a loop or callback waits for less than a frame, again and again, as others do: it is paused");
    CHECK(edges(performance.out[0]).size() == 8);
  }
}

TEST_CASE("loops that ask for more than can ever be sent are paused, and the rest plays on") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    c = constant(0)
    output("main", v + c * 0)
    good = loop(1, function() v:note(60, 1, 1/4) end)
    bad = loop(1, function() while true do for i = 1, 60000 do c.value = i % 2 end wait(1e-4) end end)
  )",
                                48000 * 6, 5);
  REQUIRE(performance.mistakes.size() == 1);
  CHECK(performance.mistakes[0].where.line == 6);
  CHECK(performance.mistakes[0].text.find("asks for more notes and sets than can be sent") !=
        std::string::npos);
  // What was asked for before is sent first.
  const auto found = edges(performance.out[0]);
  const std::vector<Frames> last(found.end() - std::min<std::ptrdiff_t>(std::ssize(found), 4), found.end());
  CHECK(last == std::vector<Frames>{240000, 246000, 264000, 270000});
}

TEST_CASE("a note that is shorter than a frame lasts one") {
  for (const char* length : {"0", "1e-320", "1e-6"}) {
    CAPTURE(length);
    const auto performance = play(fmt::format(R"(
      v = voices(1, function(v) return v.gate end)
      output("main", v)
      good = loop(1, function() v:note(60, 1, {}) end)
    )",
                                              length),
                                  48000, 5);
    CHECK(performance.mistakes.empty());
    CHECK(edges(performance.out[0]) == std::vector<Frames>{0, 1, 24000, 24001});
  }
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
           {"wait(-1)", "is not between 0 and 65536"},
           {"wait(65537)", "is not between 0 and 65536"},
           {"coroutine.wrap(function() wait(1) end)()",
            "wait belongs into the function of a loop or callback"},
           {"wait(1 / 0)", "is not between 0 and 65536"},
           {"route('a:*', 'b:*')", "routes are made while the patch loads"},
           {"loop(1, print)", "a loop cannot be made in a loop"},
           {"clock('jack')", "the clock is chosen while the patch loads"}}) {
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

TEST_CASE("a loop that fails now and then is not paused: what goes well clears what did not") {
  const auto performance = play(R"(
    output("main", constant(0))
    turn = 0
    odd = loop(1, function() turn = turn + 1; if turn % 2 == 1 then nothing() end end)
  )",
                                24000 * 10, 5);
  CHECK(performance.mistakes.size() >= 5);
  for (const Mistake& mistake : performance.mistakes) CHECK(mistake.text.find("paused") == std::string::npos);
}

TEST_CASE("a body that takes longer than the loop starts again where the next turn is free") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    long = loop(1, function() v:note(60, 1, 1/4); wait(3/2) end)
  )",
                                24000 * 7, 5);
  const std::vector<Frames> expected = {0, 6000, 48000, 54000, 96000, 102000, 144000, 150000};
  CHECK(edges(performance.out[0]) == expected);
}

TEST_CASE("the same key again and again, each note as long as the way to the next: each is one of its own") {
  const auto performance = play(R"(
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    same = loop(1, function() for i = 1, 4 do v:note(60, 1, 1/4) wait(1/4) end end)
  )",
                                24000, 5);
  std::vector<Frames> expected = {0};
  for (Frames next = 6000; next < 24000; next += 6000) expected.insert(expected.end(), {next, next + 1});
  CHECK(edges(performance.out[0]) == expected);
}

TEST_CASE("what glides does so in its time, along its curve; a parameter that steps does so at its frame") {
  const auto performance = play(R"(
    exp = param{ 1, 0, 10 }
    lin = param{ 1, 0, 10 }
    step = switch(0, { constant(0), constant(1) }, { fade = 0 })
    output("main", join(exp, lin, step))
    once = loop(64, function()
      exp:set{ value = 4, over = 1, curve = "exp" }
      lin:set{ value = 4, over = 1 }
      wait(1)
      step.index = 1
    end)
  )",
                                48000 * 2, 5);
  CHECK(performance.mistakes.empty());
  for (const double share : {0.25, 0.5, 0.75, 1.0}) {
    CAPTURE(share);
    const auto frame = static_cast<std::size_t>(48000 * share);
    CHECK(performance.out[0][frame] == doctest::Approx(std::pow(4, share)).epsilon(1e-3));
    CHECK(performance.out[1][frame] == doctest::Approx(1 + 3 * share).epsilon(1e-3));
  }
  CHECK(performance.out[0].back() == doctest::Approx(4));
  CHECK(performance.out[1].back() == doctest::Approx(4));
  const auto& step = performance.out[2];
  CHECK(std::ranges::find(step, 1.F) - step.begin() == 24000);
}

TEST_CASE("more at once than the engine has room for comes later, but all of it comes") {
  const auto performance = play(R"(
    p = param{ 0, 0, 10000 }
    output("main", p)
    once = loop(64, function() for i = 1, 9999 do p.value = i end end)
  )",
                                48000 * 2, 5);
  CHECK(performance.mistakes.empty());
  CHECK(performance.out[0].back() == 9999);
}
