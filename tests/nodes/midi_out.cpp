// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <random>
#include <set>
#include <string>

#include "support/performance.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Said = std::pair<Frames, std::vector<unsigned>>;  // a frame, and the bytes that are sent then

std::vector<Said> said(const std::string& text, Frames frames, unsigned seed,
                       const std::vector<files::TimedMessage>& midi = {}) {
  LoadedPatch patch = load("midi_out.lua", {.text = text, .print = [](std::string_view) {}});
  for (const Mistake& mistake : patch.mistakes) MESSAGE(to_string(mistake));
  REQUIRE(patch.program != nullptr);
  REQUIRE(patch.loops != nullptr);
  const auto performance = perform(std::move(patch), {}, frames, {.frames = 900, .seed = seed}, midi);
  for (const Mistake& mistake : performance.mistakes) FAIL_CHECK(to_string(mistake));
  std::vector<Said> lines;
  for (const auto& [time, message] : performance.said) {
    const MidiBytes midi_bytes = bytes_of(message);
    lines.push_back({time, {midi_bytes.bytes.begin(), midi_bytes.bytes.begin() + midi_bytes.size}});
  }
  return lines;
}

}  // namespace

TEST_CASE("what loops play at a MIDI output is sent on its frame, behind the patch's latency") {
  std::random_device device;
  const auto seed = device() | 1U;
  CAPTURE(seed);
  for (const int lag : {0, 64, 2048}) {
    CAPTURE(lag);
    const auto lines = said(fmt::format(R"(
      tempo(174)
      output("main", constant(0):lag({}))
      synth = midi_out("synth")
      riff = loop(1/4, function() synth:note(36, 1, 1/8, 10) end)
    )",
                                        lag),
                            48000 * 60, seed);
    std::vector<Said> expected;
    for (int sixteenth = 0;; ++sixteenth) {
      const auto frame_of = [&](double beat) {
        return static_cast<Frames>(std::floor(beat * 60 * 48000 / 174 + 0.5)) + lag;
      };
      if (frame_of(sixteenth / 4.0) >= 48000 * 60) break;
      expected.push_back({frame_of(sixteenth / 4.0), {0x99, 36, 127}});
      if (frame_of(sixteenth / 4.0 + 0.125) >= 48000 * 60) break;
      expected.push_back({frame_of(sixteenth / 4.0 + 0.125), {0x89, 36, 127}});
    }
    CHECK(lines.size() > 1300);
    CHECK(lines == expected);
  }
}

TEST_CASE("each kind of message has its bytes") {
  const auto lines = said(R"(
    output("main", constant(0))
    synth = midi_out("synth")
    once = loop(64, function()
      synth:cc(74, 0.5)
      synth:program(5, 16)
      synth:bend(-1)
      synth:bend(1, 2)
      synth:bend(0)
      synth:pressure(1)
      synth:note(60.4, 0, 0.25)
    end)
  )",
                          48000, 3);
  const std::vector<Said> expected = {
      {0, {0xb0, 74, 64}}, {0, {0xcf, 5}},   {0, {0xe0, 0, 0}},  {0, {0xe1, 127, 127}},
      {0, {0xe0, 0, 64}},  {0, {0xd0, 127}}, {0, {0x90, 60, 1}}, {6000, {0x80, 60, 0}},
  };
  CHECK(lines == expected);
}

TEST_CASE("a clock is started once and ticks 24 times a beat, on its frames") {
  const auto lines = said(R"(
    tempo(174)
    output("main", constant(0))
    synth = midi_out("synth")
    synth:clock()
    again = synth:clock()
  )",
                          48000 * 30, 5);
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0] == Said{0, {0xfa}});
  std::vector<Frames> ticks;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CHECK(lines[i].second == std::vector<unsigned>{0xf8});
    ticks.push_back(lines[i].first);
  }
  REQUIRE(ticks.size() >= 2 * 30 * 174 * 24 / 60);
  for (std::size_t i = 0; i < ticks.size(); ++i)
    CHECK(ticks[i] ==
          static_cast<Frames>(std::floor(static_cast<double>(i / 2) / 24 * 60 * 48000 / 174 + 0.5)));
}

TEST_CASE("a clock that is stopped says so, once") {
  const auto lines = said(R"(
    output("main", constant(0))
    synth = midi_out("synth")
    ticks = synth:clock()
    once = loop(1024, function()
      wait(1 / 16)
      ticks:stop()
    end)
  )",
                          48000, 9);
  std::vector<unsigned> spoken;
  for (const auto& [time, bytes] : lines) spoken.push_back(bytes[0]);
  CHECK(spoken == std::vector<unsigned>{0xfa, 0xf8, 0xf8, 0xfc});
}

TEST_CASE("all notes off ends what is held, and nothing else") {
  const auto lines = said(R"(
    output("main", constant(0))
    synth = midi_out("synth")
    once = loop(64, function()
      synth:note(60, 1, 1, 1)
      synth:note(61, 1, 32, 3)
      wait(2)
      synth:cc(123, 0)
    end)
  )",
                          48000 * 20, 7);
  const std::vector<Said> expected = {{0, {0x90, 60, 127}},
                                      {0, {0x92, 61, 127}},
                                      {24000, {0x80, 60, 127}},
                                      {48000, {0xb0, 123, 0}},
                                      {48000, {0x82, 61, 0}}};
  CHECK(lines == expected);
}

TEST_CASE(
    "all notes off ends a key as it was sent, to the last of the last channel; other controllers end none") {
  const auto lines = said(R"(
    output("main", constant(0))
    synth = midi_out("synth")
    once = loop(64, function()
      synth:note(60.6, 1, 32)
      synth:note(127, 1, 32, 16)
      synth:cc(122, 1)
      wait(2)
      synth:cc(123, 0)
    end)
  )",
                          48000 * 20, 7);
  const std::vector<Said> expected = {{0, {0x90, 61, 127}},     {0, {0x9f, 127, 127}},
                                      {0, {0xb0, 122, 127}},    {48000, {0xb0, 123, 0}},
                                      {48000, {0x80, 61, 127}}, {48000, {0x8f, 127, 127}}};
  // How fast a key is let go, nobody said.
  auto without_speed = lines;
  REQUIRE(lines.size() == expected.size());
  for (std::size_t i = 4; i < lines.size(); ++i) without_speed[i].second[2] = 127;
  CHECK(without_speed == expected);
}

TEST_CASE("of more than 1024 messages in a period some are left out, but no note is left behind") {
  const auto lines = said(R"(
    output("main", constant(0))
    synth = midi_out("synth")
    local function play(from, length)
      for i = from, from + 999 do synth:note(i % 128, 1, length, math.floor(i / 128) + 1) end
    end
    once = loop(64, function()
      play(0, 3)     -- all end at once
      wait(1)
      play(1000, 2)
      wait(1/2)
      for i = 1, 1100 do synth:cc(1, 0) end
      synth:note(127, 1, 1/4, 16)  -- is left out
      wait(2)
      synth:cc(123, 0)
    end)
  )",
                          24000 * 5, 11);
  std::set<std::pair<unsigned, unsigned>> held;
  std::map<Frames, int> count;
  for (const auto& [time, bytes] : lines) {
    CAPTURE(time);
    ++count[time];
    const std::pair key(bytes[0] & 0x0fU, bytes[1]);
    if (bytes[0] >> 4U == 0x9) CHECK(held.insert(key).second);
    if (bytes[0] >> 4U == 0x8) CHECK(held.erase(key) == 1);
  }
  CHECK(held.empty());
  CHECK(count == std::map<Frames, int>{{0, 1000}, {24000, 1000}, {36000, 1024}, {72000, 1024}, {84000, 977}});
}

TEST_CASE("bytes are what message_of reads") {
  for (unsigned status = 0x80; status < 0xf0; ++status) {
    for (unsigned first = 0; first < 128; first += 3) {
      for (unsigned second = 0; second < 128; ++second) {
        const bool one_byte = status >> 4U == 0xc || status >> 4U == 0xd;
        if (status >> 4U == 0x9 && second == 0) continue;  // which releases
        std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(first)};
        if (!one_byte) bytes.push_back(static_cast<std::uint8_t>(second));
        const auto message = message_of(bytes);
        REQUIRE(message);
        const MidiBytes back = bytes_of(*message);
        if (std::vector<std::uint8_t>(back.bytes.begin(), back.bytes.begin() + back.size) != bytes)
          FAIL_CHECK(fmt::format("{:x} {} {}", status, first, second));
      }
    }
  }
}
