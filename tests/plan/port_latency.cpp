// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/port_latency.h"

#include <doctest/doctest.h>

#include "support/play.h"

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
  PatchMaker maker;
  const Source left = maker.input("left"), right = maker.input("right");
  maker.output("wet", maker.add("lag", {left}, {}, {{"frames", 240.0}}));
  maker.output("dry", right);
  maker.output("cue", nocomp(right));
  maker.output("tone", maker.add("lag", {maker.add("sine", {})}, {}, {{"frames", 100.0}}));
  const Source loop = maker.feedback();
  maker.close(loop, left);
  maker.output("echo", nocomp(maker.add("gain", {loop})));

  const PortLatencies latencies = built(maker.patch).latencies;
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
