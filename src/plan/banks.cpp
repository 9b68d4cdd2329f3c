// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/banks.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "plan/wires.h"

namespace perigee {

namespace {

unsigned lanes_of(const Shape& shape) {
  unsigned lanes = shape.lanes;
  for (const auto* some : {&shape.in_lanes, &shape.param_lanes})
    for (const unsigned n : *some) lanes = std::max(lanes, n);
  return lanes;
}

/// Lanes that end in each other, as those of a mix, have to be run alone.
bool can_join(const PatchNode& node, const Shape& shape) {
  return node.spec->bank != nullptr &&
         (!node.spec->any_lanes ||
          lanes_of({.in_lanes = shape.in_lanes, .param_lanes = shape.param_lanes}) == 1);
}

/// How many nodes lie before each, on the longest way: those of the same rank do not depend on each other.
std::vector<unsigned> ranks(const std::vector<NodeId>& order, const WiresTo& wires_to) {
  std::vector<unsigned> rank(order.size());
  for (const NodeId id : order)
    for (const Wire& wire : wires_to[id])
      if (!wire.closes) rank[id] = std::max(rank[id], rank[wire.from.node] + 1);
  return rank;
}

std::vector<Group> gather(const Patch& patch, const Plan& plan, unsigned most_lanes) {
  struct Open {
    std::size_t group = 0;
    unsigned lanes = 0;
  };
  const std::vector<unsigned> rank = ranks(plan.order, WiresTo(plan.wires, patch.nodes.size()));
  std::map<std::tuple<unsigned, const Spec*, std::vector<Value>>, Open> open;
  std::vector<Group> groups;
  for (const NodeId id : plan.order) {
    const PatchNode& node = patch.nodes[id];
    if (!can_join(node, plan.shapes[id])) {
      groups.push_back({id});
      continue;
    }
    const unsigned lanes = lanes_of(plan.shapes[id]);
    const auto [found, is_new] = open.try_emplace({rank[id], node.spec, node.fixed});
    Open& bank = found->second;
    if (is_new || bank.lanes + lanes > most_lanes) {
      bank = {groups.size(), 0};
      groups.emplace_back();
    }
    groups[bank.group].push_back(id);
    bank.lanes += lanes;
  }
  return groups;
}

/// Depth first: what a group makes is read next, wherever that can be.
std::vector<Group> in_order(std::vector<Group> groups, std::size_t nodes, const std::vector<Wire>& wires) {
  std::vector<std::size_t> group_of(nodes), missing(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const NodeId id : groups[g]) group_of[id] = g;
  std::vector<std::vector<std::size_t>> readers(groups.size());
  for (const Wire& wire : wires) {
    if (wire.closes) continue;
    readers[group_of[wire.from.node]].push_back(group_of[wire.to]);
    ++missing[group_of[wire.to]];
  }
  std::vector<std::size_t> ready;
  for (std::size_t g = groups.size(); g-- > 0;)
    if (missing[g] == 0) ready.push_back(g);
  std::vector<Group> ordered;
  ordered.reserve(groups.size());
  while (!ready.empty()) {
    const std::size_t g = ready.back();
    ready.pop_back();
    ordered.push_back(std::move(groups[g]));
    for (const std::size_t reader : readers[g])
      if (--missing[reader] == 0) ready.push_back(reader);
  }
  return ordered;
}

}  // namespace

std::vector<Group> banks_of(const Patch& patch, const Plan& plan, unsigned most_lanes) {
  return in_order(gather(patch, plan, most_lanes), patch.nodes.size(), plan.wires);
}

}  // namespace perigee
