// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <string>

#include "support/performance.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kLater = 960;  // 20 ms at 48000 Hz

Performance answer(const std::string& text, Frames frames, unsigned seed,
                   const std::vector<files::TimedMessage>& midi) {
  LoadedPatch patch = load("callbacks.lua", {.text = text, .print = [](std::string_view) {}});
  for (const Mistake& mistake : patch.mistakes) MESSAGE(to_string(mistake));
  REQUIRE(patch.program != nullptr);
  REQUIRE(patch.loops != nullptr);
  return perform(std::move(patch), {}, frames, {.frames = static_cast<int>(kLater), .seed = seed}, midi);
}

/// Of each stretch above 0: where it begins and ends.
std::vector<std::pair<Frames, Frames>> stretches(const Lane& lane) {
  std::vector<std::pair<Frames, Frames>> found;
  for (std::size_t i = 0; i < lane.size(); ++i) {
    const bool on = lane[i] > 0, was = i > 0 && lane[i - 1] > 0;
    if (on && !was) found.emplace_back(i, 0);
    if (!on && was) found.back().second = static_cast<Frames>(i);
  }
  return found;
}

Message press(int key, float velocity) {
  return {.what = velocity > 0 ? Message::What::note_on : Message::What::note_off,
          .key = static_cast<float>(key),
          .value = velocity};
}

const std::string kWaits = R"(
    keys = midi("keys")
    output("main", constant(0))
    keys:on{ note = function() wait(1000) end }
  )";

/// The mistakes of a script that is loaded.
std::string mistakes(const std::string& text) {
  std::string all;
  for (const Mistake& mistake : load("patch.lua", {.text = text}).mistakes) all += to_string(mistake) + "\n";
  return all;
}

}  // namespace

TEST_CASE("what callbacks play and set lands 20 ms after what they answer, in any periods") {
  std::random_device device;
  const auto seed = device() | 1U;
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::vector<files::TimedMessage> midi;
  std::vector<std::pair<Frames, Frames>> expected;
  for (Frames at = 0; at < 48000 * 60; at += 7000 + static_cast<Frames>(random() % 3000)) {
    midi.push_back({at, press(60, 0.5F)});
    midi.push_back({at + 100, press(60, 0)});
    // An eighth of a beat from the answer on, then another one after a quarter.
    expected.emplace_back(at + kLater, at + kLater + 3000);
    expected.emplace_back(at + kLater + 6000 - 3000 + 500, at + kLater + 6000);
  }
  const auto performance = answer(R"(
    tempo(120)
    keys = midi("keys")
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    keys:on{ note = function(key, velocity, channel)
      assert(key == 60 and channel == 1)
      if velocity == 0 then return end
      v:note(key, velocity, 1/8)
      local waste = {}
      for k = 1, 300 do waste[k] = {} end
      wait(3500 / 24000)
      v:note(key, velocity, 2500 / 24000)
    end }
  )",
                                  48000 * 61, seed, midi);
  for (const Mistake& mistake : performance.mistakes) FAIL_CHECK(to_string(mistake));
  CHECK(performance.dropped == 0);
  CHECK(stretches(performance.out[0]) == expected);
}

TEST_CASE("each message has its function and its values") {
  const auto performance =
      answer(R"(
    keys = midi("keys")
    seen = {}
    total = constant(0)
    output("main", total)
    local function check(name, ...)
      local expected = { ... }
      return function(...)
        local given = { ... }
        assert(#given == #expected)
        for i, value in ipairs(expected) do assert(math.abs(given[i] - value) < 1e-6, name) end
        seen[name] = true
        local count = 0
        for _ in pairs(seen) do count = count + 1 end
        total:set{ value = count, over = 0 }
      end
    end
    keys:on{ note = check("note", 61, 1, 3), key_pressure = check("key_pressure", 61, 0.5, 1) }
    keys:on{ cc = check("cc", 74, 1, 1), program = check("program", 5, 16), bend = check("bend", -1, 1) }
    keys:on{ pressure = check("pressure", 0.25, 1), note = check("another", 61, 1, 3) }
  )",
             48000, 3,
             {{10, {.what = Message::What::note_on, .channel = 2, .key = 61, .value = 1}},
              {11, {.what = Message::What::key_pressure, .key = 61, .value = 0.5F}},
              {12, {.what = Message::What::control, .number = 74, .value = 127}},
              {13, {.what = Message::What::program, .channel = 15, .number = 5}},
              {14, {.what = Message::What::bend, .value = -1}},
              {15, {.what = Message::What::pressure, .value = 0.25F}}});
  for (const Mistake& mistake : performance.mistakes) FAIL_CHECK(to_string(mistake));
  CHECK(performance.out[0].back() == 6);
  CHECK(performance.out[0][9 + kLater] == 0);
  for (const int one : {0, 1, 2, 3, 4, 5})
    CHECK(performance.out[0][static_cast<std::size_t>(10 + one + kLater)] == static_cast<float>(one + 1));
}

TEST_CASE("a callback that fails three times in a row is called no more; others are") {
  std::vector<files::TimedMessage> midi;
  for (Frames at = 0; at < 10; ++at) {
    midi.push_back({at * 4800, press(60, 1)});
    midi.push_back({at * 4800 + 10, {.what = Message::What::control, .number = 1, .value = 64}});
  }
  const auto performance = answer(R"(
    keys = midi("keys")
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    keys:on{
      note = function() error("no") end,
      cc = function() v:note(60, 1, 1/16) end,
    }
  )",
                                  48000, 9, midi);
  REQUIRE(performance.mistakes.size() == 3);
  for (const Mistake& mistake : performance.mistakes) CHECK(mistake.where.line == 6);
  CHECK(performance.mistakes[0].text == "the function for \"midi keys note\": no");
  CHECK(performance.mistakes[2].text ==
        "the function for \"midi keys note\": no; it failed 3 times and is called no more");
  CHECK(stretches(performance.out[0]).size() == 10);
}

TEST_CASE("a callback that fails now and then is called on: what goes well clears what did not") {
  std::vector<files::TimedMessage> midi;
  for (Frames at = 0; at < 12; ++at) midi.push_back({at * 2400, press(60, 1)});
  const auto performance = answer(R"(
    keys = midi("keys")
    output("main", constant(0))
    count = 0
    keys:on{ note = function()
      count = count + 1
      if count % 3 ~= 0 then error(tostring(count)) end
    end }
  )",
                                  48000, 9, midi);
  std::vector<std::string> texts, expected;
  for (const Mistake& mistake : performance.mistakes) texts.push_back(mistake.text);
  for (int count = 1; count <= 12; ++count)
    if (count % 3 != 0) expected.push_back(fmt::format("the function for \"midi keys note\": {}", count));
  CHECK(texts == expected);
}

TEST_CASE("false ends what answered, of this port and no other; a port is told of only where somebody asks") {
  const std::string script = R"(
    a, ab = midi("a"), midi("ab")
    v = voices(2, function(v) return v.gate end)
    output("main", v:mix())
    a:on{ note = function() v:note(60, 1, 1/16) end }
    a:on{ note = false }
    ab:on{ note = function() v:note(60, 0.5, 1/16) end }
  )";
  const LoadedPatch patch = load("callbacks.lua", {.text = script});
  REQUIRE(patch.patch.midi.size() == 2);
  CHECK_FALSE(patch.patch.midi[0].told);
  CHECK(patch.patch.midi[1].told);
  const auto performance = answer(script, 24000, 3, {{100, press(60, 1)}});
  CHECK(performance.mistakes.empty());
  CHECK(stretches(performance.out[0]) ==
        std::vector<std::pair<Frames, Frames>>{{100 + kLater, 100 + kLater + 1500}});
  CHECK(*std::ranges::max_element(performance.out[0]) == 1);
}

TEST_CASE("a callback may wait for no time, and for one time after the other; it names no others") {
  const auto performance = answer(R"(
    keys = midi("keys")
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    keys:on{ note = function()
      for k = 1, 900 do wait(0) end
      for k = 1, 3 do
        v:note(60, 1, 1/16)
        wait(1/8)
      end
      keys:on{ note = false }
    end }
  )",
                                  48000, 3, {{0, press(60, 1)}});
  CHECK(stretches(performance.out[0]) ==
        std::vector<std::pair<Frames, Frames>>{
            {kLater, kLater + 1500}, {kLater + 3000, kLater + 4500}, {kLater + 6000, kLater + 7500}});
  REQUIRE(performance.mistakes.size() == 1);
  CHECK(performance.mistakes[0].where.line == 11);
  CHECK(
      performance.mistakes[0].text ==
      "the function for \"midi keys note\": functions are named by on while the patch loads, not in a loop");
}

TEST_CASE("callbacks that never end, wait for no time or swallow what stops them do not stop the rest") {
  std::vector<files::TimedMessage> midi;
  for (int number = 0; number < 4; ++number)
    midi.push_back(
        {100 * number,
         {.what = Message::What::control, .number = static_cast<std::uint8_t>(number), .value = 1}});
  const auto performance = answer(R"(
    keys = midi("keys")
    v = voices(1, function(v) return v.gate end)
    output("main", v)
    keys:on{ cc = function(number)
      if number == 0 then while true do end end
      if number == 1 then while true do wait(0) end end
      if number == 2 then v:note(60, 1, 1/16) end
      if number == 3 then while true do pcall(function() while true do end end) end end
    end }
  )",
                                  48000, 1, midi);
  REQUIRE(performance.mistakes.size() == 3);
  CHECK(performance.mistakes[0].text.find("stopped: it ran for too long") != std::string::npos);
  CHECK(performance.mistakes[1].text.find("waits for no time") != std::string::npos);
  CHECK(performance.mistakes[2].text.find("stopped: it ran for too long") != std::string::npos);
  CHECK(stretches(performance.out[0]).size() == 1);
}

TEST_CASE("more calls than 1024 do not wait at a time") {
  std::vector<files::TimedMessage> midi;
  for (Frames at = 0; at < 1100; ++at) midi.push_back({at * 10, press(60, 1)});
  const auto as_many = answer(kWaits, 48000, 1, {midi.begin(), midi.begin() + 1024});
  CHECK(as_many.mistakes.empty());
  const auto one_more = answer(kWaits, 48000, 1, {midi.begin(), midi.begin() + 1025});
  CHECK(one_more.mistakes.size() == 1);
  const auto performance = answer(kWaits, 48000, 1, midi);
  // As often as a function may fail.
  REQUIRE(performance.mistakes.size() == 3);
  CHECK(performance.mistakes[0].text.find("1024 calls wait already") != std::string::npos);
  CHECK(performance.mistakes[0].where.line == 4);
}

TEST_CASE("wires and messages for others are asked for at their frame") {
  const auto performance = answer(R"(
    keys = midi("keys")
    output("main", constant(0))
    keys:on{ cc = function(number)
      jack.connect("a:out", "b:in")
      wait(1)
      osc.send("127.0.0.1:9000", "/lamp", number, true, "on", false)
    end }
  )",
                                  48000, 1, {{0, {.what = Message::What::control, .number = 7, .value = 1}}});
  REQUIRE(performance.errands.size() == 2);
  const auto* order = std::get_if<WireOrder>(performance.errands.data());
  REQUIRE(order != nullptr);
  CHECK(order->connect);
  CHECK(order->from == "a:out");
  CHECK(order->where.line == 5);
  const auto* sending = std::get_if<OscSending>(&performance.errands[1]);
  REQUIRE(sending != nullptr);
  CHECK(sending->to == "127.0.0.1:9000");
  CHECK(sending->values == std::vector<PlainValue>{7.0, true, "on", false});
  CHECK(sending->where.line == 7);
  // A beat is 24000 frames; they are asked for between periods.
  for (const int i : {0, 1}) {
    const Frames due = kLater + 24000 * i, asked = performance.asked[static_cast<std::size_t>(i)];
    CHECK(asked >= due);
    CHECK(asked <= due + kLater);
  }
}

TEST_CASE("mistakes in what is named") {
  CHECK(mistakes("output('main', constant(0))\nmidi('a'):on{ nots = print }") ==
        "patch.lua:2: on takes note, cc, program, bend, pressure and key_pressure, not \"nots\"\n");
  CHECK(mistakes("output('main', constant(0))\nmidi('a'):on{ note = 3 }") ==
        "patch.lua:2: on takes a function for note, not a number\n");
  CHECK(mistakes("output('main', constant(0))\nmidi('a'):on(print)") ==
        "patch.lua:2: on takes a table: on{ note = f }, not a function\n");
  CHECK(mistakes("output('main', constant(0))\njack.on('ports', print)") ==
        "patch.lua:2: jack.on takes \"port\" or \"connection\", not \"ports\"\n");
  CHECK(mistakes("output('main', constant(0))\nosc.on('fader', print)") ==
        "patch.lua:2: osc.on takes a path, as in \"/fader/1\", not \"fader\"\n");
  CHECK(mistakes("output('main', constant(0))\nosc.on('/fader')") ==
        "patch.lua:2: osc.on takes a function, not nil\n");
  CHECK(mistakes("output('main', constant(0))\nosc.send(9000, '/a')") ==
        "patch.lua:2: osc.send takes an address in quotes, as \"127.0.0.1:9000\", not a number\n");
  CHECK(mistakes("output('main', constant(0))\nosc.send('9000', 'a')") ==
        "patch.lua:2: osc.send: the path \"a\" does not begin with /\n");
  CHECK(mistakes("output('main', constant(0))\nosc.send('9000', '/a', {})") ==
        "patch.lua:2: osc.send sends numbers, booleans and text, not a table\n");
  // A name that is not defined is told once.
  CHECK(mistakes("output('main', constant(0))\nosc.send(nothing, '/a')") ==
        "patch.lua:2: nothing is not defined\n");
  CHECK(mistakes("output('main', constant(0))\nosc.send('9000', '/a', nothing)") ==
        "patch.lua:2: nothing is not defined\n");
  CHECK(mistakes("output('main', constant(0))\nosc.send('9000', 3)") ==
        "patch.lua:2: osc.send takes a path in quotes, not a number\n");
  const std::string many = "output('main', constant(0))\nt = {}\nfor i = 1, 64 do t[i] = i end\n";
  CHECK(mistakes(many + "osc.send('127.0.0.1:9000', '/a', unpack(t))").empty());
  CHECK(mistakes(many + "osc.send('127.0.0.1:9000', '/a', 0, unpack(t))") ==
        "patch.lua:4: osc.send takes 64 values at most, not 65\n");
}
