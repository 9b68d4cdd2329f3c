// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/node_times.h"

#include <doctest/doctest.h>

#include <numeric>

#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Voices {
  PatchMaker maker;
  std::vector<NodeId> filters;
  NodeId level = kNoNode, verb = kNoNode, wide = kNoNode;
};

/// 100 voices, which fill one bank of filters and a part of another, a reverb, and an echo on its own line.
Voices voices() {
  Voices made;
  PatchMaker& maker = made.maker;
  std::vector<Source> all;
  for (int i = 0; i < 100; ++i) {
    const Source voice = maker.add("lowpass", {maker.add("saw", {}, {{"hz", 50.0 + i}})});
    made.filters.push_back(voice.node);
    all.push_back(voice);
  }
  const Source pair =
      maker.add("highpass", {maker.add("lanes", {}, {}, {{"values", std::vector<double>{0, 1}}})});
  made.wide = pair.node;
  all.push_back(maker.add("mix", {pair}));
  const Source sum = maker.add("sum", all),
               level = maker.add("lanes", {}, {}, {{"values", std::vector<double>{0.5}}});
  made.level = level.node;
  const Source verb = maker.add("reverb", {maker.input("in")});
  made.verb = verb.node;
  maker.output("main",
               maker.add("multiply", {maker.add("lag", {sum}, {}, {{"frames", 100.0}})}, {{"by", level}}));
  maker.output("verb", verb);
  return made;
}

}  // namespace

TEST_CASE("every node that runs has a time, and together they take no longer than the run") {
  const Voices patch = voices();
  const Plan plan = plan_of(patch.maker.patch);
  const NodeTimes times = measure_nodes(plan, make_program(patch.maker.patch));
  REQUIRE(times.ns.size() == patch.maker.patch.nodes.size());
  for (const double ns : times.ns) CHECK(ns >= 0);
  for (const NodeId filter : patch.filters) CHECK(times.ns[filter] > 0);
  CHECK(times.ns[patch.verb] > 0);
  CHECK(times.ns[patch.level] == 0);
  const double all = std::accumulate(times.ns.begin(), times.ns.end(), 0.0);
  CHECK(all == doctest::Approx(times.ns_a_chunk));
  CHECK(times.ns_a_reading > 0);
  CHECK(times.chunks > 0);
  // Medians of a run cannot add up to more than all of it.
  CHECK(all * static_cast<double>(times.chunks) < times.seconds * 1e9);
}

TEST_CASE("what runs in a bank shares its time by lanes, and a line counts for the node behind it") {
  const Voices patch = voices();
  const Plan plan = plan_of(patch.maker.patch);
  std::vector<double> steps;
  std::size_t lines = 0;
  std::vector<double> expected(patch.maker.patch.nodes.size());
  for (const Step& step : plan.steps) {
    if (step.op == Step::Op::hold) continue;
    steps.push_back(1000.0 + static_cast<double>(steps.size()));
    unsigned lanes = 0;
    for (const Step& member : step.members) lanes += plan.shapes[member.node].lanes;
    for (const Step& member : step.members)
      expected[member.node] += steps.back() * plan.shapes[member.node].lanes / lanes;
    if (step.members.empty()) expected[step.node] += steps.back();
    lines += step.op == Step::Op::write_line || step.op == Step::Op::read_line ? 1 : 0;
  }
  CHECK(lines > 0);
  REQUIRE(steps.size() < patch.maker.patch.nodes.size());
  const auto times = times_of_nodes(plan, steps);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(times[i] == doctest::Approx(expected[i]));
  CHECK(times[patch.filters[0]] == times[patch.filters[1]]);
  CHECK(std::accumulate(times.begin(), times.end(), 0.0) ==
        doctest::Approx(std::accumulate(steps.begin(), steps.end(), 0.0)));
}

TEST_CASE("measuring changes no bit, and is over when it is switched off") {
  const Patch patch = voices().maker.patch;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    auto measured = make_program(patch);
    const StepTimes& times = measured->times;
    const auto frames = [&] {
      std::uint64_t sum = 0;
      for (const auto& step : times.read()) sum += step.frames;
      return sum;
    };
    const Sound in = white_noise(measured->in_channels, 5000, seed);
    const unsigned channels = measured->out_channels;
    Engine engine;
    engine.measure(true);
    engine.publish(std::move(measured));
    const Split split{.seed = seed};
    CHECK(identical(play(engine, in, channels, 5000, split), play(patch, in, 5000, split)));
    const auto before = frames();
    CHECK(before > 0);
    engine.measure(false);
    play(engine, in, channels, 5000);
    CHECK(frames() == before);
    engine.measure(true);
    play(engine, in, channels, 5000);
    CHECK(frames() > before);
  }
}
