// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notes that are held while the patch is saved: none hangs, none is lost.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <random>
#include <set>

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
  constexpr int kNotes = 100000;
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
    CHECK(saves == 100);
  }
}
