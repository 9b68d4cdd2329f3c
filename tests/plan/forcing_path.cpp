// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/kinds.h"
#include "support/patches.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string path_to(const PatchMaker& maker, NodeId id) {
  const Plan plan = plan_of(maker.patch);
  const WiresTo wires_to(plan.wires, plan.shapes.size());
  return forcing_path(maker.patch, plan.shapes, wires_to, plan.timing, id);
}

}  // namespace

TEST_CASE("the path that made a node wait is the one with the latency") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source slow = maker.add(late, {mic}, {}, {{"frames", 300.0}}, "slow");
  const Source quick = maker.add(late, {mic}, {}, {{"frames", 20.0}}, "quick");
  const Source mix = maker.add(blend, {mic, quick, slow}, {}, {}, "mix");
  const Source main = maker.output("main", mix);
  CHECK(path_to(maker, mix.node) == "mic → slow (300) → mix");
  CHECK(path_to(maker, main.node) == "mic → slow (300) → mix → output main");
}

TEST_CASE("latency that a node met by opting out is told as well") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source slow = maker.add(late, {mic}, {}, {{"frames", 300.0}}, "slow");
  const Source tap = maker.add(blend, {nocomp(slow)}, {}, {}, "tap");
  const Source mix = maker.add(blend, {tap, mic}, {}, {}, "mix");
  CHECK(path_to(maker, mix.node) == "mic → slow (300) → tap → mix");
}

TEST_CASE("an output that waits for another is told that one's path") {
  const PatchMaker maker = parallel_paths();
  CHECK(path_to(maker, 4) == "mic → wet (240) → mix → output main, as all outputs are aligned");
  CHECK(path_to(maker, 3) == "mic → wet (240) → mix → output main");
  CHECK(path_to(maker, 5) == "mic → output cue");  // opted out: it waits for nobody
}
