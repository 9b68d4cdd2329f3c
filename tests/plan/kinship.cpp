// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/kinship.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace perigee;

namespace {

/// Nodes with nothing but wires, in the order of their ends.
struct Web {
  std::size_t nodes = 0;
  std::vector<Wire> wires;

  NodeId add(const std::vector<NodeId>& inputs) {
    for (unsigned i = 0; i < inputs.size(); ++i)
      wires.push_back({.from = {.node = inputs[i]}, .to = static_cast<NodeId>(nodes), .index = i});
    return static_cast<NodeId>(nodes++);
  }
};

/// All that a wire's end hears, however far away, on ways that do not lead through `without`.
std::set<NodeId> ancestry(const WiresTo& wires_to, NodeId node, NodeId without) {
  std::set<NodeId> met;
  std::vector<NodeId> open{node};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    if (at == without || !met.insert(at).second) continue;
    for (const Wire& wire : wires_to[at])
      if (!wire.to_param) open.push_back(wire.from.node);
  }
  return met;
}

bool really_related(const WiresTo& wires_to, NodeId id) {
  std::set<NodeId> all;
  std::size_t each = 0;
  for (const Wire& wire : wires_to[id]) {
    if (wire.to_param) continue;
    const auto met = ancestry(wires_to, wire.from.node, id);
    each += met.size();
    all.insert(met.begin(), met.end());
  }
  return all.size() < each;
}

/// A web without order: wires lead back too, and some end at parameters.
Web random_web(std::mt19937_64& random) {
  Web web{.nodes = 2 + random() % 30};
  const auto back = random() % 100;  // percent
  const auto most = 1 + random() % 3;
  for (NodeId id = 0; id < web.nodes; ++id) {
    const auto count = static_cast<unsigned>(random() % (most + 1));
    for (unsigned i = 0; i < count; ++i) {
      const bool any = id == 0 || random() % 100 < back;
      const auto from = static_cast<NodeId>(random() % (any ? web.nodes : id));
      web.wires.push_back({.from = {.node = from}, .to = id, .to_param = random() % 8 == 0, .index = i});
    }
  }
  return web;
}

}  // namespace

TEST_CASE("relatives are those whose ancestries meet, in any web") {
  int related = 0, strangers = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Web web = random_web(random);
    const WiresTo wires_to(web.wires, web.nodes);
    Kinship kinship(wires_to, web.nodes);
    for (NodeId id = 0; id < web.nodes; ++id) {
      CAPTURE(id);
      const bool expected = really_related(wires_to, id);
      CHECK(kinship.related_inputs(id) == expected);
      if (wires_to[id].size() > 1) ++(expected ? related : strangers);
    }
  }
  CHECK(std::min(related, strangers) > 1000);
}

TEST_CASE("a long row of questions, each about all that came before") {
  // Whoever looks through all ancestors each time comes to 20,000,000,000 of them.
  constexpr std::size_t kNodes = 200'000;
  const auto all = [](const Web& web, bool expected) {
    const WiresTo wires_to(web.wires, web.nodes);
    Kinship kinship(wires_to, web.nodes);
    std::size_t wrong = 0;
    for (NodeId id = 0; id < web.nodes; ++id)
      if (wires_to[id].size() == 2) wrong += kinship.related_inputs(id) == expected ? 0 : 1;
    CHECK(wrong == 0);
  };
  SUBCASE("between the row and one source") {
    Web web;
    const NodeId source = web.add({}), other = web.add({});
    NodeId at = web.add({source, other, other});
    while (web.nodes < kNodes) at = web.add({at, other});
    all(web, true);
  }
  SUBCASE("between the row and a new source each time") {
    Web web;
    NodeId at = web.add({});
    while (web.nodes < kNodes) at = web.add({at, web.add({})});
    all(web, false);
  }
  SUBCASE("between two rows from one source, each step") {
    Web web;
    NodeId a = web.add({}), b = a;
    while (web.nodes < kNodes) {
      a = web.add({a});
      b = web.add({b});
      web.add({a, b});
    }
    all(web, true);
  }
  SUBCASE("between what a step takes and what it gives") {
    Web web;
    NodeId at = web.add({});
    while (web.nodes < kNodes) at = web.add({at, web.add({at})});
    all(web, true);
  }
}
