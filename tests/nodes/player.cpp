// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <stdexcept>

#include "files/sound_writer.h"
#include "support/rig.h"
#include "support/spectrum.h"
#include "support/temporary.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A folder with one sound file in it, and the player of it.
struct Deck {
  TemporaryFolder folder;
  Deck(const Sound& sound, double rate = 48000) {
    std::vector<const float*> lanes;
    for (const Lane& lane : sound) lanes.push_back(lane.data());
    files::SoundWriter writer(folder / "sound.wav", rate, static_cast<unsigned>(sound.size()));
    writer.write(lanes, static_cast<Frames>(sound[0].size()));
    writer.close();
  }
  Rig rig(double rate = 48000) const {
    return {.kind = "player",
            .rate = rate,
            .fixed = {{"file", std::string("sound.wav")}},
            .folder = folder.path()};
  }
};

Sound part(const Sound& sound, Frames from, Frames frames) {
  Sound cut;
  for (const Lane& lane : sound) cut.emplace_back(lane.begin() + from, lane.begin() + from + frames);
  return cut;
}

/// 1 from each even frame of the list to the next odd one, else 0.
Sound gates(Frames frames, const std::vector<Frames>& edges) {
  Sound gate = silence(1, frames);
  for (std::size_t k = 0; k < edges.size(); ++k)
    std::fill(gate[0].begin() + edges[k], gate[0].end(), k % 2 == 0 ? 1.F : 0.F);
  return gate;
}

}  // namespace

TEST_CASE("at rate 1 the player is the file, to the bit, then silence") {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
    const auto sound = white_noise(2, 3000, 1);
    const Deck deck(sound, rate);
    auto expected = sound;
    for (Lane& lane : expected) lane.resize(5000);
    const Rig rig = deck.rig(rate);
    CHECK(rig.lanes() == 2);
    for (const Split split : splits()) CHECK(identical(rig.run(5000, split)[0], expected));
  }
}

TEST_CASE("start and loop, forwards and backwards, are exact") {
  const auto sound = white_noise(1, 1000, 1);
  const Deck deck(sound);
  for (const double rate : {1.0, -1.0}) {
    for (const bool loop : {false, true}) {
      CAPTURE(rate);
      CAPTURE(loop);
      Rig rig = deck.rig();
      rig.fixed["loop"] = loop ? 1.0 : 0.0;
      rig.fixed["start"] = 300.0 / 48000;
      rig.params["rate"] = rate;
      Sound expected = silence(1, 4000);
      for (Frames i = 0; i < 4000; ++i) {
        const Frames at = 300 + static_cast<Frames>(rate) * i, around = ((at % 1000) + 1000) % 1000;
        if (loop || at == around)
          expected[0][static_cast<std::size_t>(i)] = sound[0][static_cast<std::size_t>(around)];
      }
      CHECK(identical(rig.run(4000, {.seed = 3})[0], expected));
    }
  }
}

TEST_CASE("a rising gate starts again; a falling one fades in 5 ms, in a straight line") {
  const auto sound = white_noise(1, 3000, 1);
  const Deck deck(sound);
  Rig rig = deck.rig();
  rig.params["gate"] = gates(4000, {100, 1100, 1200, 2000});  // the second start comes while the first fades
  Sound expected = silence(1, 4000);
  for (std::size_t i = 0; i < 4000; ++i) {
    const auto from = [&](std::size_t frame) { return sound[0][i - frame]; };
    if (i >= 100 && i < 1100) expected[0][i] += from(100);
    if (i >= 1100 && i < 1340) expected[0][i] += from(100) * static_cast<float>(1340 - i) / 240.F;
    if (i >= 1200 && i < 2000) expected[0][i] += from(1200);
    if (i >= 2000 && i < 2240) expected[0][i] += from(1200) * static_cast<float>(2240 - i) / 240.F;
  }
  for (const Split split : splits()) CHECK(difference_db(rig.run(4000, split)[0], expected) < -130);
}

TEST_CASE("between frames a sine stays a sine: images and pitch") {
  const Deck low(sine_wave(1000, 48000, 48000, 0.5)), high(sine_wave(18000, 48000, 48000, 0.5));
  for (const double rate : {0.25, 0.7071, 0.999, 1.001, 1.37, 2.0, 4.0, 8.0, -0.7071}) {
    CAPTURE(rate);
    Rig rig = low.rig();
    rig.params["rate"] = rate;
    rig.fixed["start"] = rate < 0 ? 0.5 : 0.0;
    const auto out = rig.run(4000, {.seed = 1})[0];
    const auto expected = sine_wave(1000 * static_cast<double>(static_cast<float>(rate)), 48000, 4000, 0.5);
    // Before the file's beginning there is nothing to interpolate with: compare from behind it.
    const double error = difference_db(part(out, 200, 3800), part(expected, 200, 3800));
    CHECK(error < -86);  // −80 below the tone
  }
  for (const double rate : {0.7071, 0.999}) {
    Rig rig = high.rig();
    rig.params["rate"] = rate;
    const auto expected = sine_wave(18000 * static_cast<double>(static_cast<float>(rate)), 48000, 4000, 0.5);
    const double error = difference_db(part(rig.run(4000)[0], 200, 3800), part(expected, 200, 3800));
    CHECK(error < -86);
  }
}

TEST_CASE("what would pass half the rate is filtered out, not folded back") {
  // Aliases of tones that land above 0.58 of the rate are −80 dB below the tone.
  for (const double rate : {1.5, 2.0, 3.3, 8.0}) {
    for (const double hz : {12000.0, 17000.0, 21000.0}) {
      if (hz * rate < 0.58 * 48000) continue;
      CAPTURE(rate);
      CAPTURE(hz);
      const Deck deck(sine_wave(hz, 48000, 48000, 0.5));
      Rig rig = deck.rig();
      rig.params["rate"] = rate;
      const auto out = part(rig.run(4000)[0], 100, 3900);
      CHECK(db(peak(out[0])) < -86);
    }
  }
}

TEST_CASE("a loop of whole cycles has no seam, at any speed") {
  const Deck deck(sine_wave(480, 48000, 100, 0.5));  // one cycle
  for (const double rate : {0.31, 1.0, 1.9, 7.7, -0.6}) {
    CAPTURE(rate);
    Rig rig = deck.rig();
    rig.params["rate"] = rate;
    rig.fixed["loop"] = 1.0;
    const auto expected = sine_wave(480 * static_cast<double>(static_cast<float>(rate)), 48000, 48000, 0.5);
    const double error = difference_db(rig.run(48000)[0], expected);
    CHECK(error < -86);
  }
}

TEST_CASE("a file of another rate is converted: same pitch, same length") {
  const Deck deck(sine_wave(997, 44100, 44100, 0.5), 44100);
  for (const double rate : {48000.0, 96000.0, 192000.0}) {
    CAPTURE(rate);
    const auto frames = static_cast<Frames>(rate * 1.1), n = static_cast<Frames>(rate);
    const auto out = deck.rig(rate).run(frames)[0], expected = sine_wave(997, rate, frames, 0.5);
    CHECK(difference_db(part(out, n / 4, n / 2), part(expected, n / 4, n / 2)) < -97);
    CHECK(peak(part(out, n, frames - n)[0]) == 0);
    CHECK(std::abs(out[0][static_cast<std::size_t>(n - 1)]) > 0);
  }
}

TEST_CASE("one channel spreads to the lanes of rate and gate") {
  const auto sound = white_noise(1, 2000, 1);
  const Deck deck(sound);
  Rig rig = deck.rig();
  rig.params["gate"] = Sound{gates(1500, {0})[0], gates(1500, {400})[0], gates(1500, {1000})[0]};
  Sound expected = silence(3, 1500);
  std::copy_n(sound[0].begin(), 1500, expected[0].begin());
  std::copy_n(sound[0].begin(), 1100, expected[1].begin() + 400);
  std::copy_n(sound[0].begin(), 500, expected[2].begin() + 1000);
  CHECK(identical(rig.run(1500)[0], expected));
}

TEST_CASE("mistakes name the file") {
  const Deck deck(white_noise(2, 480, 1));
  Rig rig = deck.rig();
  rig.fixed["start"] = 7.0;
  CHECK_THROWS_WITH_AS(rig.run(64), doctest::Contains("sound.wav, which is 0.01 s long"), std::runtime_error);
  rig = deck.rig();
  rig.params["gate"] = silence(3, 64);
  CHECK_THROWS_WITH_AS(rig.run(64), doctest::Contains("2 channels"), std::runtime_error);
  CHECK_THROWS_WITH_AS(Deck(white_noise(1, 480, 1), 100).rig().run(64),
                       doctest::Contains("sound.wav has 100 Hz"), std::runtime_error);
  rig = deck.rig();
  rig.fixed["file"] = std::string("kick.wav");
  CHECK_THROWS_WITH_AS(rig.run(64), doctest::Contains("kick.wav: no such file"), std::runtime_error);
}
