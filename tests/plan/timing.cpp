// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/timing.h"

#include <doctest/doctest.h>

#include "plan/plan.h"
#include "plan/reach.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

struct Compensate {
  PatchMaker maker;
  Source mic, dry, filter, limiter, mix;
  Plan plan;
  Compensate() {
    mic = maker.input("mic");
    dry = maker.add(copy_of, {mic}, {}, {}, "dry");
    filter = maker.add(copy_of, {mic}, {}, {}, "filter");
    limiter = maker.add(late_sum, {filter}, {}, {{"frames", 240.0}}, "wet");
    mix = maker.add(late_sum, {dry, limiter}, {}, {}, "mix");
    maker.output("main", mix);
    maker.output("cue", nocomp(mic));
    plan = plan_of(maker.patch);
  }
};

}  // namespace

TEST_CASE("the dry path waits for the wet one, and it is said for whom") {
  const Compensate patch;
  const WiresTo wires_to(patch.plan.wires, patch.plan.shapes.size());
  CHECK(patch.plan.timing.latency == 240);
  int delayed = 0;
  for (const Wire& wire : patch.plan.wires) {
    if (wire.delay == 0) continue;
    ++delayed;
    CHECK(wire.from.node == patch.dry.node);
    CHECK(wire.delay == 240);
    CHECK(forcing_path(patch.maker.patch, patch.plan.shapes, wires_to, patch.plan.timing, wire.to) ==
          "mic → filter → wet (240) → mix");
  }
  CHECK(delayed == 1);
}

TEST_CASE("least and most latency of an output are those of its paths") {
  const Compensate patch;
  const auto& plan = patch.plan;
  Reach reach(plan.shapes, plan.wires);
  reach.from(patch.mic.node);
  REQUIRE(reach.to(5) != nullptr);
  REQUIRE(reach.to(6) != nullptr);
  CHECK(*reach.to(5) == Latency{240, 240});
  CHECK(*reach.to(6) == Latency{0, 0});
  CHECK(reach.to(patch.mic.node) == nullptr);
  CHECK(latencies(patch.maker.patch, plan.shapes, plan.order, plan.wires)[5] == Latency{240, 240});
}

TEST_CASE("an opted-out wire shows as a shorter least latency") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source late = maker.add(late_sum, {mic}, {}, {{"frames", 50.0}});
  maker.output("main", maker.add(late_sum, {late, nocomp(mic)}));
  const Plan plan = plan_of(maker.patch);
  Reach reach(plan.shapes, plan.wires);
  reach.from(mic.node);
  REQUIRE(reach.to(3) != nullptr);
  CHECK(*reach.to(3) == Latency{0, 50});
}

TEST_CASE("feedback does not inflate latency") {
  PatchMaker maker;
  const Source loop = maker.feedback();
  const Source sum = maker.add(late_sum, {maker.input("mic"), loop}, {{"gain", 0.5}}, {{"frames", 30.0}});
  maker.close(loop, maker.add(late_sum, {sum}, {}, {{"frames", 500.0}}));
  maker.output("main", sum);
  const Plan plan = plan_of(maker.patch);
  CHECK(plan.timing.latency == 30);
}

TEST_CASE("the latency of a signal is known while the patch is being made") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source late = maker.add(late_sum, {mic}, {}, {{"frames", 240.0}});
  CHECK(latency_of(maker.patch, mic.node, 48000) == 0);
  CHECK(latency_of(maker.patch, late.node, 48000) == 240);
}
