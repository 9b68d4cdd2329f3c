// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/sketch.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string path_to(const Sketch& sketch, NodeId id) {
  const Plan plan = sketch.plan();
  return forcing_path(sketch.patch, plan.shapes, plan.wires, plan.timing, id);
}

}  // namespace

TEST_CASE("the path that made a node wait is the one with the latency") {
  Sketch sketch;
  const NodeId mic = sketch.input("mic");
  const NodeId slow = sketch.late("slow", all_of(mic), 300), quick = sketch.late("quick", all_of(mic), 20);
  const NodeId mix = sketch.blend("mix", {all_of(mic), all_of(quick), all_of(slow)});
  const NodeId main = sketch.output("main", all_of(mix));
  CHECK(path_to(sketch, mix) == "mic → slow (300) → mix");
  CHECK(path_to(sketch, main) == "mic → slow (300) → mix → output main");
}

TEST_CASE("latency that a node met by opting out is told as well") {
  Sketch sketch;
  const NodeId mic = sketch.input("mic");
  const NodeId slow = sketch.late("slow", all_of(mic), 300);
  const NodeId tap = sketch.blend("tap", {nocomp(slow)});
  const NodeId mix = sketch.blend("mix", {all_of(tap), all_of(mic)});
  CHECK(path_to(sketch, mix) == "mic → slow (300) → tap → mix");
}

TEST_CASE("an output that waits for another is told that one's path") {
  const Sketch sketch = parallel_paths();
  CHECK(path_to(sketch, 4) == "mic → wet (240) → mix → output main, as all outputs are aligned");
  CHECK(path_to(sketch, 3) == "mic → wet (240) → mix → output main");
  CHECK(path_to(sketch, 5) == "mic → output cue");  // opted out: it waits for nobody
}
