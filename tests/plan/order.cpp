// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/order.h"

#include <doctest/doctest.h>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("a cycle is named by its whole path") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source a = maker.add(late_sum, {mic}, {}, {}, "a");
  const Source b = maker.add(late_sum, {a}, {}, {}, "b");
  const Source c = maker.add(late_sum, {b}, {}, {}, "c");
  maker.patch.nodes[a.node].inputs.push_back(c);
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{"test.lua:2: a cycle without feedback(): a → b → c → a"});
}

TEST_CASE("a node that feeds itself, and two cycles at once") {
  PatchMaker maker;
  const Source a = maker.add(late_sum, {maker.input("mic")}, {}, {}, "a");
  maker.patch.nodes[a.node].inputs.push_back(a);
  const Source b = maker.add(late_sum, {a}, {}, {}, "b");
  const Source c = maker.add(value_of, {}, {{"value", b}}, {}, "c");
  maker.patch.nodes[b.node].inputs.push_back(c);
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{"test.lua:2: a cycle without feedback(): a → a",
                                 "test.lua:3: a cycle without feedback(): b → c → b"});
}

TEST_CASE("feedback is no cycle, and the order is as written where it is free") {
  PatchMaker maker;
  const Source loop = maker.feedback();
  const Source sum = maker.add(late_sum, {loop, maker.input("mic")});
  maker.close(loop, sum);
  maker.output("main", sum);
  CHECK(plan_of(maker.patch).order == std::vector<NodeId>{0, 1, 2, 3});
}

TEST_CASE("a chain of 200,000 nodes written backwards does not exhaust the stack") {
  PatchMaker maker;
  constexpr NodeId kNodes = 200000;
  for (NodeId id = 0; id < kNodes; ++id) maker.add(copy_of, {{.node = id + 1}});
  maker.input("in");
  std::vector<Mistake> mistakes;
  const auto order = order_of(maker.patch, wires_of(maker.patch), mistakes);
  REQUIRE(order.size() == kNodes + 1);
  CHECK(order.front() == kNodes);
  CHECK(order.back() == 0);
}
