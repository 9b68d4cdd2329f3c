// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <thread>

#include "drivers/worker_threads.h"
#include "engine/build.h"
#include "engine/engine.h"
#include "node/registry.h"
#include "support/kinds.h"
#include "support/patches.h"
#include "support/play.h"
#include "support/sample.h"
#include "support/voices.h"

// Run with the guard preloaded: whatever an engine does on the audio thread, it neither allocates, locks nor
// enters the kernel.

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 3000;

unsigned long guarded_scopes() {
  auto* scopes = reinterpret_cast<unsigned long (*)()>(dlsym(RTLD_DEFAULT, "perigee_guard_scopes"));
  REQUIRE_MESSAGE((scopes != nullptr), "the guard is not preloaded");
  return scopes();
}

/// Runs an engine with random periods over `in`; `between` is called between two periods, as the control
/// thread.
template <typename Between>
Sound run(Engine& engine, const Sound& in, unsigned outputs, std::uint64_t seed, Between between) {
  std::mt19937_64 random(seed);
  Sound out = silence(outputs, kFrames);
  std::vector<const float*> in_channels(in.size());
  std::vector<float*> out_channels(outputs);
  for (Frames at = 0; at < kFrames;) {
    const Frames period = std::min<Frames>(1 + static_cast<Frames>(random() % 300), kFrames - at);
    for (std::size_t i = 0; i < in.size(); ++i) in_channels[i] = in[i].data() + at;
    for (std::size_t i = 0; i < outputs; ++i) out_channels[i] = out[i].data() + at;
    between(at, random);
    engine.process(in_channels.data(), static_cast<unsigned>(in.size()), out_channels.data(), outputs,
                   static_cast<int>(period));
    at += period;
  }
  return out;
}

}  // namespace

TEST_CASE("every kind runs, is swapped and takes events under the guard") {
  const unsigned long before = guarded_scopes();
  for (const Spec* spec : all_kinds()) {
    if (spec->role != Role::process) continue;
    CAPTURE(std::string(spec->kind));
    for (const bool wired : {false, true}) {
      for (const unsigned lanes : {1U, 8U}) {
        CAPTURE(wired);
        CAPTURE(lanes);
        const Rig rig = sample(*spec, lanes, wired, kFrames);
        const Patch patch = patch_of(rig);
        Engine engine;
        std::vector<Instance*> targets;
        const auto publish = [&] {
          auto program = make_program(patch, rig.rate);
          targets.clear();
          for (const auto& instance : program->instances)
            if (instance->spec == spec) targets.push_back(instance.get());
          engine.publish(std::move(program));
        };
        publish();
        const auto sound_in = inputs_of(rig);
        unsigned swaps = 0;
        run(engine, sound_in, static_cast<unsigned>(spec->out.size()) * 16, 11, [&](Frames at, auto& random) {
          if (at > 1000 && swaps == 0 && ++swaps == 1) publish();
          for (unsigned i = 0; i < spec->params.size() && !wired; ++i) {
            const auto value =
                static_cast<float>(std::get<double>(rig.params.at(std::string(spec->params[i].name))));
            engine.send({.time = at + static_cast<Frames>(random() % 400),
                         .target = targets[0],
                         .param = i,
                         .value = value,
                         .glide = static_cast<Frames>(random() % 200)});
          }
          Report report;
          while (engine.receive(report)) CHECK(report.what == Report::What::reading);
          if (at < 1000 || at > 1400) engine.collect();
        });
      }
    }
  }
  CHECK(guarded_scopes() > before + 100);
}

TEST_CASE("a node that makes NaN is contained under the guard") {
  const unsigned long before = guarded_scopes();
  PatchMaker maker;
  const Source bad = maker.add(root, {maker.input("in")});
  maker.output("out", maker.add("lag", {bad}, {}, {{"frames", 100.0}}));
  Engine engine;
  engine.publish(make_program(maker.patch));
  unsigned faults = 0;
  const Sound out = run(engine, white_noise(1, kFrames, 5), 1, 3, [&](Frames, auto&) {
    Report report;
    while (engine.receive(report)) ++faults;
  });
  CHECK(faults > 10);
  for (const float sample : out[0]) CHECK(std::isfinite(sample));
  CHECK(guarded_scopes() > before);
}

TEST_CASE("a wide patch with delays and feedback runs under the guard") {
  const unsigned long before = guarded_scopes();
  PatchMaker maker;
  const Source in = maker.input("in", 4);
  const Source loop = maker.feedback();
  const Source quieter = maker.add("gain", {loop}, {{"level", -6.0}});
  maker.close(loop, quieter);
  maker.output("wet", maker.add("lag", {in}, {}, {{"frames", 480.0}}));
  maker.output("dry", in);
  maker.output("loop", quieter);
  Engine engine;
  engine.publish(make_program(maker.patch));
  const Sound noise = white_noise(4, kFrames, 8);
  const Sound out = run(engine, noise, 12, 4, [](Frames, auto&) {});
  for (unsigned lane = 0; lane < 4; ++lane) CHECK(identical({out[lane]}, {out[lane + 4]}));
  CHECK(guarded_scopes() > before);
}

TEST_CASE("threads run a patch under the guard, also when they slept") {
  const unsigned long before = guarded_scopes();
  std::mt19937_64 random(3);
  const Patch patch = random_voices(random);
  std::vector<Mistake> mistakes;
  const Plan plan = compile(patch, 48000, mistakes, kBankLanes, {.threads = {.most = 2, .gain = -1e9}});
  REQUIRE(plan.threads() == 2);
  auto program = build(patch, plan, mistakes);
  const unsigned channels = program->out_channels;
  Engine engine;
  const WorkerThreads workers(engine, 2);
  engine.publish(std::move(program));
  const Sound out = run(engine, {}, channels, 4, [](Frames at, auto&) {
    if (at % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  });
  CHECK(identical(out, play(patch, {}, kFrames)));
  CHECK(guarded_scopes() > before);
}
