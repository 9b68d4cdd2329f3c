// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/banks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "dsp/mix.h"
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

/// Nodes that can run together, in runs that threads can share evenly: of as many as fill a bank, and at the
/// end, where there is not enough for one each, alike for each thread, if that is not less than a vector.
/// They are counted in nodes, so that those of a chain, as the filters and pans of voices, are parted in the
/// same places.
class Runs {
 public:
  Runs(unsigned nodes, unsigned threads) : left_(nodes), threads_(threads) {}

  /// Whether the next node begins one.
  bool next() {
    const bool begins = in_run_ == 0;
    if (begins) in_run_ = length();
    --in_run_;
    --left_;
    return begins;
  }

 private:
  static constexpr unsigned kVector = 16;

  unsigned length() {
    if (threads_ < 2) return left_;
    if (left_ >= kBankLanes * threads_) return kBankLanes;
    if (rest_ == 0) rest_ = std::max(kVector, (left_ + threads_ - 1) / threads_);
    return std::min(rest_, left_);
  }

  unsigned left_, threads_, in_run_ = 0, rest_ = 0;
};

std::vector<Group> gather(const Patch& patch, const Plan& plan, const std::vector<bool>& is_taken,
                          unsigned most_lanes, unsigned threads) {
  struct Open {
    unsigned nodes = 0;  ///< in all
    std::optional<Runs> runs;
    std::size_t group = 0;
    unsigned lanes = 0;
  };
  const std::vector<unsigned> rank = ranks(plan.order, WiresTo(plan.wires, patch.nodes.size()));
  std::map<std::tuple<unsigned, const Spec*, std::vector<Value>>, Open> open;
  const auto bank_of = [&](NodeId id) -> Open& {
    return open[{rank[id], patch.nodes[id].spec, patch.nodes[id].fixed}];
  };
  for (const NodeId id : plan.order)
    if (!is_taken[id] && can_join(patch.nodes[id], plan.shapes[id])) ++bank_of(id).nodes;
  std::vector<Group> groups;
  for (const NodeId id : plan.order) {
    if (is_taken[id]) continue;
    if (!can_join(patch.nodes[id], plan.shapes[id])) {
      groups.push_back({{id}});
      continue;
    }
    const unsigned lanes = lanes_of(plan.shapes[id]);
    Open& bank = bank_of(id);
    if (!bank.runs) bank.runs.emplace(bank.nodes, threads);
    if (bank.runs->next() || bank.lanes + lanes > most_lanes) {
      bank.group = groups.size();
      bank.lanes = 0;
      groups.emplace_back();
    }
    groups[bank.group].nodes.push_back(id);
    bank.lanes += lanes;
  }
  return groups;
}

/// What needs what: by group, who reads it, and how much each waits for.
struct Needs {
  std::vector<std::vector<std::size_t>> readers;
  std::vector<std::size_t> missing;

  Needs(const std::vector<Group>& groups, std::size_t nodes, const std::vector<Wire>& wires)
      : readers(groups.size()), missing(groups.size()) {
    std::vector<std::size_t> group_of(nodes);
    std::map<std::pair<NodeId, std::size_t>, std::size_t> parts;  ///< by sum and number
    for (std::size_t g = 0; g < groups.size(); ++g) {
      for (const NodeId id : groups[g].nodes) group_of[id] = g;
      if (const MixPart* part = groups[g].part) parts[{part->sum, part->first / dsp::kMixPart}] = g;
    }
    for (const auto& [part, group] : parts) add(group, group_of[part.first]);
    for (const Wire& wire : wires) {
      if (wire.closes) continue;
      const auto part = parts.find({wire.to, wire.index / dsp::kMixPart});
      add(group_of[wire.from.node], part == parts.end() ? group_of[wire.to] : part->second);
    }
  }

 private:
  void add(std::size_t from, std::size_t to) {
    if (from == to) return;
    readers[from].push_back(to);
    ++missing[to];
  }
};

/// Depth first: what a group makes is read next, wherever that can be.
std::vector<Group> in_order(std::vector<Group> groups, Needs needs) {
  std::vector<std::size_t> ready;
  for (std::size_t g = groups.size(); g-- > 0;)
    if (needs.missing[g] == 0) ready.push_back(g);
  std::vector<Group> ordered;
  ordered.reserve(groups.size());
  while (!ready.empty()) {
    const std::size_t g = ready.back();
    ready.pop_back();
    ordered.push_back(std::move(groups[g]));
    // The first is on top.
    std::for_each(needs.readers[g].rbegin(), needs.readers[g].rend(), [&](std::size_t reader) {
      if (--needs.missing[reader] == 0) ready.push_back(reader);
    });
  }
  return ordered;
}

}  // namespace

std::vector<Group> banks_of(const Patch& patch, const Plan& plan, const std::vector<MixPart>& parts,
                            unsigned most_lanes, unsigned threads) {
  std::vector<bool> is_taken(patch.nodes.size());
  for (const MixPart& part : parts)
    for (const auto& chain : part.scalers)
      for (const NodeId id : chain) is_taken[id] = true;
  std::vector<Group> groups = gather(patch, plan, is_taken, most_lanes, threads);
  for (const MixPart& part : parts) {
    groups.push_back({.part = &part});
    for (const auto& chain : part.scalers)
      groups.back().nodes.insert(groups.back().nodes.end(), chain.begin(), chain.end());
  }
  Needs needs(groups, patch.nodes.size(), plan.wires);
  return in_order(std::move(groups), std::move(needs));
}

std::vector<Group> alike(const Patch& patch, const std::vector<NodeId>& nodes) {
  std::map<std::pair<const Spec*, std::vector<Value>>, Group> by_kind;
  for (const NodeId id : nodes) by_kind[{patch.nodes[id].spec, patch.nodes[id].fixed}].nodes.push_back(id);
  std::vector<Group> groups;
  groups.reserve(by_kind.size());
  for (auto& [kind, group] : by_kind) groups.push_back(std::move(group));
  return groups;
}

}  // namespace perigee
