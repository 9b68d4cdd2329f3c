// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many threads sound as one, to the bit.

#include "engine/workers.h"

#include <doctest/doctest.h>

#include <random>

#include "drivers/worker_threads.h"
#include "engine/build.h"
#include "support/play.h"
#include "support/voices.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// For so many threads, whatever it gains, as if kinds took these times.
Plan plan_for(const Patch& patch, unsigned threads, KindTimes times = {}, unsigned bank_lanes = kBankLanes) {
  std::vector<Mistake> mistakes;
  Plan plan = compile(patch, 48000, mistakes, bank_lanes,
                      {.threads = {.most = threads, .gain = -1e9},
                       .times = std::make_shared<const KindTimes>(std::move(times))});
  REQUIRE(mistakes.empty());
  return plan;
}

/// So that nodes are dealt out in another way.
KindTimes random_times(const Patch& patch, std::mt19937_64& random) {
  KindTimes times;
  for (const PatchNode& node : patch.nodes)
    times[node.spec] = std::pow(10.0, static_cast<double>(random() % 4000) / 1000);
  return times;
}

}  // namespace

TEST_CASE("random voices, with numbers set and nodes silenced on the way, by any number of threads") {
  std::size_t faults = 0, waits = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Patch patch = random_voices(random);
    const auto moves = random_moves(patch, random);
    const Played alone = play_moves(patch, plan_of(patch), moves, {});
    faults += alone.faults.size();
    for (const unsigned threads : {2U, 3U}) {
      CAPTURE(threads);
      const Plan plan =
          plan_for(patch, threads, random_times(patch, random), random() % 2 == 0 ? kBankLanes : 3);
      for (const auto& turns : plan.shares)
        for (const Turn& turn : turns) waits += turn.waits.size();
      CHECK(play_moves(patch, plan, moves, {}) == alone);
      CHECK(play_moves(patch, plan, moves, {.seed = seed}).sound == alone.sound);
      CHECK(play_moves(patch, plan, moves, {.period = 1000}) == alone);
    }
  }
  CHECK(faults > 100);
  CHECK(waits > 1000);
}

TEST_CASE("without workers the audio thread does their work too") {
  std::mt19937_64 random(7);
  const Patch patch = random_voices(random);
  const Plan plan = plan_for(patch, 4);
  REQUIRE(plan.threads() > 1);
  std::vector<Mistake> mistakes;
  auto program = build(patch, plan, mistakes);
  const unsigned channels = program->out_channels;
  Engine engine;
  engine.publish(std::move(program));
  CHECK(identical(play(engine, {}, channels, 4000, {.period = 256}), play(patch, {}, 4000)));
}

TEST_CASE("workers may come late, and go while the engine runs") {
  std::mt19937_64 random(8);
  const Patch patch = random_voices(random);
  const Plan plan = plan_for(patch, 3);
  const Sound alone = play(patch, {}, 20000);
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    std::vector<Mistake> mistakes;
    auto program = build(patch, plan, mistakes);
    const unsigned channels = program->out_channels;
    Engine engine;
    engine.publish(std::move(program));
    std::optional<WorkerThreads> workers;
    std::thread owner([&] {
      workers.emplace(engine, 3);
      while (engine.now() < static_cast<Frames>(seed) * 1500) std::this_thread::yield();
      workers->end();
    });
    const Sound sound = play(engine, {}, channels, 20000, {.seed = seed});
    owner.join();
    CHECK(identical(sound, alone));
  }
}

TEST_CASE("measuring changes no bit with threads either") {
  std::mt19937_64 random(9);
  const Patch patch = random_voices(random);
  const Plan plan = plan_for(patch, 2);
  std::vector<Mistake> mistakes;
  auto program = build(patch, plan, mistakes);
  const StepTimes& times = program->times;
  const unsigned channels = program->out_channels;
  Engine engine;
  const WorkerThreads workers(engine, 2);
  engine.measure(true);
  engine.publish(std::move(program));
  CHECK(identical(play(engine, {}, channels, 20000, {.seed = 1}), play(patch, {}, 20000)));
  const auto sums = times.read();
  for (const auto& sum : sums) CHECK(sum.frames == sums.front().frames);
  CHECK(sums.front().frames > 0);
}
