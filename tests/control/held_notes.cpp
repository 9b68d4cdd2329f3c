// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notes that are held while the patch is saved: none hangs, none is lost. MIDI_BYTES tells how many random
// bytes there are.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <set>

#include "support/effort.h"
#include "support/saved_script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// Voices whose sound is how many gates are on, beside something that changes with each save.
std::string version(unsigned number) {
  return fmt::format(
      "keys = midi('keys')\n"
      "v = voices(8, keys, function(v) return v.gate end)\n"
      "output('main', v:mix(){})\n"
      "pad = {}({}):lowpass({})\noutput('more', pad)\n",
      number % 3 == 0 ? " * 1" : "", number % 2 == 0 ? "sine" : "saw", 100 + number, 500 + number);
}

/// Everything that hears a MIDI port, functions that answer it and say so each hundredth time, and something
/// that changes with each save.
std::string all_ears(unsigned number) {
  return fmt::format(
      "keys = midi('keys')\n"
      "v = voices(8, keys, function(v) return v.gate * (v.velocity + v.pressure + v.hz * 1e-5) end)\n"
      "output('main', v:mix(){})\n"
      "level = param{{ 0.5, 0, 1, cc = keys:cc(11) }}\n"
      "knobs = keys:cc(74) + keys:cc{{ 1, kind = '14 bit' }} + keys:cc{{ 300, kind = 'nrpn' }} + keys:cc(7, "
      "{{ channel = "
      "3 }})\n"
      "scene = switch(keys:program(), {{ constant(0), constant(1), constant(0.5) }})\n"
      "synth = midi_out('synth')\n"
      "mine = voices(4, function(v) return v.gate end)\n"
      "output('more', knobs + level + scene + keys:bend() + keys:pressure() + constant({}) + mine:mix() * "
      "0)\n"
      "calls = 0\n"
      "local function answer(f) return function(...) calls = calls + 1 if calls % 100 == 0 then print(calls) "
      "end "
      "f(...) end end\n"
      "keys:on{{\n"
      "note = answer(function(key, velocity, channel) mine:note(key, velocity, 1/8) wait(1/16) "
      "synth:note(key, velocity, 1/4, channel) end),\n"
      "cc = answer(function(number, value, channel) synth:cc(number, value, channel) end),\n"
      "program = answer(function(number, channel) synth:program(number, channel) end),\n"
      "bend = answer(function(value, channel) synth:bend(value, channel) end),\n"
      "pressure = answer(function(value, channel) synth:pressure(value, channel) end),\n"
      "key_pressure = answer(function(key, value, channel) synth:cc(key, value, channel) end) }}\n",
      number % 3 == 0 ? " * 1" : "", number % 2);
}

/// Plays a chunk, in whose middle a message comes.
float play(Bench& bench, std::optional<Message> message) {
  float main[kChunk], more[kChunk];
  float* out[] = {main, more};
  bench.live.attend();
  bench.engine.take();
  if (message) bench.engine.hear(0, kChunk / 2, *message);
  bench.engine.run(nullptr, 0, out, 2, kChunk);
  return main[kChunk - 1];
}

}  // namespace

TEST_CASE(
    "a hundred thousand random notes with saves in between: none hangs, none is lost while voices are free") {
  constexpr int kNotes = effort(100000);
  std::random_device device;
  for (const unsigned keys : {8U, 20U}) {
    const auto seed = device();
    CAPTURE(keys);
    CAPTURE(seed);
    std::mt19937 random(seed);
    unsigned saves = 0;
    Bench bench(version(0));
    std::set<unsigned> held;
    for (int i = 0; i < kNotes; ++i) {
      CAPTURE(i);
      if (i % 1000 == 500) {
        REQUIRE(bench.save(version(++saves)) == Texts());
        CHECK(bench.live.summary().starts_with("kept "));
      }
      const auto key = static_cast<unsigned>(random() % keys);
      const bool press = !held.contains(key);
      if (press)
        held.insert(key);
      else
        held.erase(key);
      const float heard =
          play(bench, Message{.what = press ? Message::What::note_on : Message::What::note_off,
                              .key = static_cast<float>(40 + key),
                              .value = 0.5F});
      // Wires fade after a save; the voices themselves do not.
      const bool fades = i % 1000 >= 500 && i % 1000 < 540;
      if (keys == 8 && !fades) REQUIRE(heard == doctest::Approx(held.size()).epsilon(1e-5));
    }
    for (const unsigned key : held)
      play(bench, Message{.what = Message::What::note_off, .key = static_cast<float>(40 + key)});
    float last = 1;
    for (int i = 0; i < 20; ++i) last = play(bench, std::nullopt);
    CHECK(last == 0);
    CHECK(saves == kNotes / 1000);
  }
}

TEST_CASE("any bytes at a MIDI port: what comes of them is in its range, and all notes off ends it") {
  const char* given = std::getenv("MIDI_BYTES");  // NOLINT(concurrency-mt-unsafe): set before the start
  const long count = given == nullptr ? 40000 : std::atol(given);
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto any = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  unsigned saves = 0;
  Bench bench(all_ears(0));
  long bytes = 0, read = 0;
  const auto play_chunk = [&](const std::vector<std::pair<int, Message>>& told) {
    float main[kChunk], more[kChunk];
    float* out[] = {main, more};
    bench.live.attend();
    bench.engine.take();
    for (const auto& [offset, message] : told) bench.engine.hear(0, offset, message);
    bench.engine.run(nullptr, 0, out, 2, kChunk);
    for (Report report; bench.engine.receive(report);) bench.live.hear(report);
    for (const Mistake& mistake : bench.live.play(0.02)) FAIL(to_string(mistake));
    // Eight gates, each times 1 for velocity, 1 for pressure and 0.2 for pitch; eight knobs from 0 to 1, and
    // the wheel.
    const auto within = [](const float* samples, float min, float max) {
      return std::all_of(samples, samples + kChunk, [=](float one) { return one >= min && one <= max; });
    };
    REQUIRE(within(main, 0, 8 * 2.2F));
    REQUIRE(within(more, -1.001F, 9.001F));
    return main[kChunk - 1];
  };
  float loudest = 0;
  for (long save_at = 5000; bytes < count;) {
    if (bytes > save_at) {
      save_at += 20000;
      REQUIRE(bench.save(all_ears(++saves)) == Texts());
    }
    std::vector<std::pair<int, Message>> told;
    for (unsigned i = any(5); i > 0; --i) {
      std::vector<std::uint8_t> event(any(16) == 0 ? any(40) : any(5));
      for (auto& byte : event) byte = static_cast<std::uint8_t>(any(8) == 0 ? random() : random() % 128);
      if (!event.empty() && any(8) != 0) event[0] |= 0x80;
      // Often what voices and NRPNs take notice of.
      if (event.size() == 3 && (event[0] & 0xf0U) == 0xb0 && any(2) == 0)
        event[1] = std::array<std::uint8_t, 12>{1, 33, 74, 11, 6, 38, 98, 99, 64, 120, 121, 123}[any(12)];
      bytes += static_cast<long>(event.size());
      if (const auto message = message_of(event))
        told.emplace_back(static_cast<int>(any(kChunk)), *message), ++read;
    }
    std::ranges::stable_sort(told, {}, &std::pair<int, Message>::first);
    loudest = std::max(loudest, play_chunk(told));
  }
  CHECK(read > bytes / 40);
  CHECK(static_cast<long>(bench.printed.size()) > bytes / 8000);
  CHECK(loudest > 1);
  std::vector<std::pair<int, Message>> off;
  for (std::uint8_t channel = 0; channel < 16; ++channel)
    off.emplace_back(0, Message{.what = Message::What::control, .channel = channel, .number = kAllNotesOff});
  play_chunk(off);
  float last = 1;
  for (int i = 0; i < 40; ++i) last = play_chunk({});
  CHECK(last == 0);
}
