// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/port_latency.h"

#include <doctest/doctest.h>

#include "node/registry.h"
#include "support/kinds.h"
#include "support/patches.h"

using namespace perigee;
using namespace perigee::test;

namespace {

const Latency* way(const PortLatencies& latencies, unsigned input, unsigned output) {
  for (const auto& one : latencies.ways)
    if (one.input == input && one.output == output) return &one.latency;
  return nullptr;
}

}  // namespace

TEST_CASE("ways from port to port: compensated, not compensated, none, from a source") {
  Patch patch;
  const NodeId left = add_input(patch, "left"), right = add_input(patch, "right");
  const NodeId late = add(patch, *find_kind("lag"), {left}, {{"frames", 240.0}});
  add_output(patch, "wet", late);
  add_output(patch, "dry", right);
  const NodeId cue = add_output(patch, "cue", right);
  patch.nodes[cue].inputs[0].compensated = false;
  const NodeId sine = add(patch, *find_kind("sine"));
  add_output(patch, "tone", add(patch, *find_kind("lag"), {sine}, {{"frames", 100.0}}));
  const NodeId loop = add(patch, *find_kind("feedback"));
  const NodeId quieter = add(patch, *find_kind("gain"), {loop});
  patch.nodes[loop].inputs[0] = {.node = left};
  const NodeId echo = add_output(patch, "echo", quieter);
  patch.nodes[echo].inputs[0].compensated = false;

  const PortLatencies latencies = built(patch, 48000).latencies;
  REQUIRE(latencies.ways.size() == 3);
  REQUIRE(way(latencies, 0, 0) != nullptr);
  REQUIRE(way(latencies, 1, 1) != nullptr);
  REQUIRE(way(latencies, 1, 2) != nullptr);
  CHECK((*way(latencies, 0, 0) == Latency{240, 240}));
  CHECK((*way(latencies, 1, 1) == Latency{240, 240}));
  CHECK((*way(latencies, 1, 2) == Latency{0, 0}));
  CHECK((latencies.from_sources.at(3) == Latency{240, 240}));
  CHECK((latencies.from_sources.at(4) == Latency{0, 0}));
}

TEST_CASE("ranges add and join") {
  CHECK((Latency{1, 5} + Latency{10, 20} == Latency{11, 25}));
  CHECK((join(Latency{1, 5}, Latency{0, 3}) == Latency{0, 5}));
}
