// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/steps.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("a chain runs in place, in one buffer") {
  PatchMaker maker;
  Source at = maker.input("in", 2);
  for (int i = 0; i < 100; ++i) at = maker.add(copy_of, {at});
  maker.output("main", at);
  CHECK(plan_of(maker.patch).slots == 2);
}

TEST_CASE("nodes that cannot run in place take turns with two buffers") {
  PatchMaker maker;
  Source at = maker.input("in");
  for (int i = 0; i < 100; ++i) at = maker.add(late_sum, {at});
  maker.output("main", at);
  CHECK(plan_of(maker.patch).slots == 2);
}

TEST_CASE("what has a second reader, or also is the parameter, is not written over") {
  PatchMaker maker;
  const Source in = maker.input("in");
  const Source copy = maker.add(copy_of, {in});
  const Source twice = maker.add(multiply_, {in}, {{"by", in}});
  maker.output("main", maker.add(late_sum, {copy, twice}));
  CHECK(identical(play(maker.patch, {Lane(64, 3.F)}, 64), {Lane(64, 12.F)}));
}

TEST_CASE("reused buffers sound like buffers of one's own") {
  // Random graphs of copies and products, against plain arithmetic.
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    PatchMaker maker;
    std::vector<Source> sources{maker.input("in")};
    std::vector<float> values{0.75F};
    const auto any = [&] { return static_cast<std::size_t>(random() % sources.size()); };
    for (int i = 0; i < 60; ++i) {
      const auto a = any(), b = any();
      switch (random() % 3) {
        case 0:
          sources.push_back(maker.add(copy_of, {sources[a]}));
          values.push_back(values[a]);
          break;
        case 1:
          sources.push_back(maker.add(multiply_, {sources[a]}, {{"by", sources[b]}}));
          values.push_back(values[a] * values[b]);
          break;
        default:
          sources.push_back(maker.add(late_sum, {sources[a], sources[b]}, {{"gain", 0.5}}));
          values.push_back((values[a] + values[b]) * 0.5F);
      }
    }
    const auto heard = any();
    maker.output("main", sources[heard]);
    maker.output("last", sources.back());
    const auto out = play(maker.patch, {Lane(100, 0.75F)}, 100);
    CHECK(out[0] == Lane(100, values[heard]));
    CHECK(out[1] == Lane(100, values.back()));
  }
}

TEST_CASE("a parameter that is one lane of the input is read before it is written over") {
  PatchMaker maker;
  const Source in = maker.input("in", 2);
  maker.output("main", maker.add(multiply_, {in}, {{"by", Source{.node = in.node, .lane = 0}}}));
  CHECK(identical(play(maker.patch, {Lane(64, 3.F), Lane(64, 5.F)}, 64), {Lane(64, 9.F), Lane(64, 15.F)}));
}

TEST_CASE("a sum takes its inputs in parts: only those of one part pile up, and it is the same sum") {
  for (const int count : {1, 7, 8, 100, 1000}) {
    CAPTURE(count);
    PatchMaker maker;
    std::vector<Source> all;
    double expected = 0;
    for (int i = 0; i < count; ++i) {
      const auto number = static_cast<float>(std::sin(i));
      all.push_back(maker.add(value_of, {}, {{"value", static_cast<double>(number)}}));
      expected += static_cast<double>(number);
    }
    maker.output("main", maker.add("sum", all));
    CHECK(plan_of(maker.patch).slots <= 100);  // a part, and the sums of sixteen
    CHECK(identical(play(maker.patch, {}, 200, {.period = 48}), {Lane(200, static_cast<float>(expected))}));
  }
}

TEST_CASE(
    "signals are held once for all parameters of the same range, and where there is no range, not at all") {
  const auto clamps = [](const PatchMaker& maker) {
    const Plan plan = plan_of(maker.patch);
    return std::ranges::count(plan.steps, Step::Op::clamp, &Step::op);
  };
  PatchMaker maker;
  const Source lfo = maker.add("lfo", {}), noise = maker.add("noise", {});
  std::vector<Source> all;
  for (int i = 0; i < 10; ++i) all.push_back(maker.add("lowpass", {noise}, {{"cutoff", lfo}}));
  maker.output("main", maker.add("sum", all));
  CHECK(clamps(maker) == 1);
  maker.output("other", maker.add("sine", {}, {{"hz", lfo}, {"phase", lfo}}));
  CHECK(clamps(maker) == 2);
  maker.output("product", maker.add("multiply", {noise}, {{"by", lfo}}));
  const Source still = maker.add("lanes", {}, {}, {{"values", std::vector<double>{1e6, 440}}});
  maker.output("still", maker.add("sine", {}, {{"hz", still}}));
  CHECK(clamps(maker) == 2);
}
