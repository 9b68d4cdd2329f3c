// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits while several threads play: every program on the way has a schedule of its own.

#include <doctest/doctest.h>

#include <random>

#include "control/editor.h"
#include "drivers/worker_threads.h"
#include "support/edits.h"
#include "support/play.h"
#include "support/voices.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 12000;
constexpr unsigned kChannels = 24;

/// Edits that come at any time, some in the middle of another; those of voices, and those of wires.
std::vector<Patch> random_patches(std::mt19937_64& random) {
  std::vector<Patch> patches;
  for (int i = 0; i < 6; ++i) {
    PatchMaker maker{random() % 2 == 0 ? random_voices(random)
                                       : patch_to_edit(static_cast<unsigned>(random() % kPatchesToEdit))};
    // A port whose lanes come and go: what both write while one fades is added up.
    const Source tone{0};
    std::vector<Source> wide;
    for (std::size_t lane = 0; lane < 2 + random() % 4; ++lane)
      wide.push_back(maker.add("mix", {maker.add("reverb", {maker.add("noise", {})})}));
    maker.output("wide", maker.add("join", wide));
    maker.output("more", maker.add("reverb", {maker.add("lowpass", {tone})}));
    patches.push_back(maker.patch);
  }
  return patches;
}

struct Heard {
  Sound sound;
  std::size_t shared = 0;  ///< programs that several threads ran
};

Heard play_edits(const std::vector<Patch>& patches, unsigned threads, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Engine engine;
  const WorkerThreads workers(engine, threads);
  Heard heard;
  Editor editor(engine, [&](auto program, const auto&) {
    heard.shared += program->shares.size() > 1 ? 1 : 0;
    engine.publish(std::move(program));
  });
  std::vector<Frames> times{0};
  while (times.size() < patches.size()) times.push_back(static_cast<Frames>(random() % kFrames));
  std::ranges::sort(times);
  std::size_t next = 0;
  heard.sound = play(engine, {}, kChannels, kFrames, {.seed = seed}, [&](Engine&) {
    Report report;
    while (engine.receive(report)) continue;
    if (next < times.size() && engine.now() >= times[next]) {
      std::vector<Mistake> mistakes;
      const Plan plan = compile(patches[next], 48000, mistakes, kBankLanes,
                                {.threads = {.most = threads, .gain = threads == 1 ? 0 : -1e9}});
      editor.edit(patches[next++], plan, mistakes);
      REQUIRE(mistakes.empty());
    }
    editor.attend();
  });
  return heard;
}

}  // namespace

TEST_CASE("edits sound the same with any number of threads") {
  std::size_t shared = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto patches = random_patches(random);
    const Heard alone = play_edits(patches, 1, seed);
    CHECK(alone.shared == 0);
    for (const unsigned threads : {2U, 3U}) {
      CAPTURE(threads);
      const Heard together = play_edits(patches, threads, seed);
      shared += together.shared;
      CHECK(identical(together.sound, alone.sound));
    }
  }
  CHECK(shared > 200);
}
