// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every example loads, sounds, and sounds the same in any split of its frames.

#include <doctest/doctest.h>

#include <filesystem>

#include "control/load.h"
#include "support/performance.h"
#include "support/play.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kShort = 24000;

Sound render(const std::filesystem::path& script, const Sound& in, Split split) {
  LoadedPatch patch = load(script, {.print = [](std::string_view) {}});
  for (const Mistake& mistake : patch.mistakes) MESSAGE(to_string(mistake));
  REQUIRE(patch.program != nullptr);
  const auto& ports = patch.program->outputs;
  if (ports.empty()) return {};
  // A chord, a controller and a program change, wherever somebody listens.
  std::vector<files::TimedMessage> midi;
  for (const float key : {48.F, 55.F, 64.F})
    midi.push_back(
        {100 + static_cast<Frames>(key), {.what = Message::What::note_on, .key = key, .value = 0.8F}});
  midi.push_back({5000, {.what = Message::What::control, .number = 74, .value = 100}});
  midi.push_back({9000, {.what = Message::What::program, .number = 1}});
  midi.push_back({15000, {.what = Message::What::note_off, .key = 55}});
  const auto performance =
      perform(std::move(patch), in, kShort,
              {.frames = split.seed != 0 ? 2048 : split.period, .seed = split.seed}, midi);
  CHECK(performance.mistakes.empty());
  CHECK(performance.faults == 0);
  return performance.out;
}

}  // namespace

TEST_CASE("examples sound, and do not depend on periods") {
  int count = 0, silent = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TESTS "/../examples")) {
    if (entry.path().extension() != ".lua") continue;
    ++count;
    CAPTURE(entry.path().string());
    const Sound in = white_noise(8, kShort, 5, 0.5F);
    const Sound expected = render(entry.path(), in, {});
    if (expected.empty()) {
      ++silent;
      continue;
    }
    double loudest = 0;
    for (const Lane& lane : expected) loudest = std::max(loudest, peak(lane));
    CHECK(loudest > 0.01);
    CHECK(loudest < 4);
    for (const Split split : splits()) {
      CAPTURE(split.period);
      CAPTURE(split.seed);
      CHECK(identical(render(entry.path(), in, split), expected));
    }
  }
  CHECK(count - silent >= 6);
  CHECK(silent == 1);  // routing.lua has no output
}

TEST_CASE("compensate.lua: dry and wet meet in the same frame, and the cue is not delayed") {
  LoadedPatch patch = load(TESTS "/../examples/compensate.lua", {.print = [](std::string_view) {}});
  REQUIRE(patch.program != nullptr);
  CHECK(patch.plan.timing.latency == 240);
  Engine engine;
  engine.publish(std::move(patch.program));
  const Sound click = impulse(2000, 100, 0.1F);
  const auto out = play(engine, {click[0], click[0]}, 4, 2000);
  // Outputs: main (2 lanes), cue (2 lanes). The high-pass passes the impulse's first frame nearly whole.
  for (const unsigned lane : {0U, 1U}) {
    CHECK(peak(Lane(out[lane].begin(), out[lane].begin() + 340)) == 0);
    CHECK(out[lane][340] > 0.1 * (0.7079 + 0.98));
    CHECK(out[lane + 2] == click[0]);
  }
}

TEST_CASE("liveset.lua: a scene for each program, and echoes stay for the tail") {
  LoadedPatch patch = load(TESTS "/../examples/liveset.lua", {.print = [](std::string_view) {}});
  REQUIRE(patch.program != nullptr);
  const Frames second = 48000, frames = 12 * second;
  std::vector<files::TimedMessage> changes;
  for (const auto& [at, program] : std::vector<std::pair<Frames, std::uint8_t>>{{0, 1}, {3, 0}, {10, 2}})
    changes.push_back({at * second, {.what = Message::What::program, .number = program}});
  const double gtr = 2000, vox = 3000;  // Hz, far above the bass
  const Sound in = {sine_wave(gtr, 48000, frames, 0.1)[0], sine_wave(vox, 48000, frames, 0.1)[0]};
  const Sound out = perform(std::move(patch), in, frames, {}, changes).out;
  const auto level = [&](unsigned lane, double from, double hz) {
    const auto start = static_cast<std::ptrdiff_t>(from * 48000);
    const Lane part(out[lane].begin() + start, out[lane].begin() + start + 4800);
    return db(2 * std::abs(response(part, hz, 48000)) / 4800 / 0.1);
  };
  const double centre = -3.0103, beat = 60.0 / 124, echo = 0.75 * beat;
  // Before the first echo there is none; then each adds to those before, in a phase of its own.
  CHECK(level(0, echo - 0.15, vox) < -60);
  CHECK(level(1, 1.5, vox) > -15);
  // Left, the echoes of the voice fall by 0.6 each, until the tail ends.
  for (int k = 1; k < 8; ++k) {
    const double now = 3.1 + k * echo;
    CHECK(std::abs(level(0, now, vox) - level(0, now - echo, vox) - db(0.6)) < 0.5);
  }
  CHECK(level(0, 6.9, vox) > -60);
  CHECK(level(0, 7.2, vox) < -60);
  CHECK(std::abs(level(0, 9, gtr) - centre) < 0.2);
  CHECK(std::abs(level(1, 9, gtr) - centre) < 0.2);
  // Program 2: the voice stands left, and its other branch hears nothing of it.
  CHECK(level(0, 11, vox) - level(1, 11, vox) > 3);
  CHECK(level(1, 11, gtr) - level(0, 11, gtr) > 3);
}
