// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every example loads, sounds, and sounds the same in any split of its frames.

#include <doctest/doctest.h>

#include <filesystem>

#include "control/load.h"
#include "support/performance.h"
#include "support/play.h"

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
