// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/onset.h"

#include <algorithm>

namespace perigee {

namespace {

/// Since before all delays that there are.
constexpr Frames kAlways = -(Frames{1} << 48U);

Frames feedback_delay(const PatchNode& node) { return static_cast<Frames>(std::get<double>(node.fixed[0])); }

}  // namespace

OnsetFinder::OnsetFinder(const Plan& before, const Onsets& onsets_before, Frames elapsed,
                         const std::vector<NodeId>& old_of)
    : before_(before), onsets_before_(onsets_before), elapsed_(elapsed), old_of_(old_of) {
  for (std::size_t i = 0; i < before.lines.size(); ++i)
    lines_before_[{before.lines[i].node, before.lines[i].output}] = i;
}

Frames OnsetFinder::of_old(NodeId old_node) const {
  return old_node < onsets_before_.nodes.size() ? onsets_before_.nodes[old_node] - elapsed_ : kAlways;
}

void OnsetFinder::add(const Patch& patch, const Plan& plan) {
  nodes_.assign(patch.nodes.size(), kAlways);
  const WiresTo wires(plan.wires, patch.nodes.size());
  for (const NodeId id : plan.order) {
    if (old_of_[id] != kNoNode) {
      nodes_[id] = of_old(old_of_[id]);
      continue;
    }
    Frames latest = 0;
    for (const Wire& wire : wires[id])
      latest =
          std::max(latest, wire.closes ? feedback_delay(patch.nodes[id]) : wait({wire.from, wire.delay}));
    nodes_[id] = latest + plan.shapes[id].latency;
  }
}

void OnsetFinder::add(NodeId old_node) { nodes_.push_back(old_node == kNoNode ? 0 : of_old(old_node)); }

/// Since when the line of a node of this plan is written. One that has to be longer than it was goes on where
/// that ended, with as much as that held.
Frames OnsetFinder::line_start(NodeId node, unsigned output, Frames longest) const {
  if (old_of_[node] == kNoNode) return 0;
  const auto found = lines_before_.find({old_of_[node], output});
  if (found == lines_before_.end()) return 0;
  const std::size_t index = found->second;
  const Frames start = index < onsets_before_.lines.size() ? onsets_before_.lines[index] - elapsed_ : kAlways;
  const Frames held = before_.lines[index].longest;
  return held >= longest ? start : std::max(start, -held);
}

Frames OnsetFinder::onset(const Tap& tap) const {
  if (tap.silent()) return kAlways;
  const Frames source = nodes_[tap.from.node];
  if (tap.delay == 0) return source;
  return std::max(source, line_start(tap.from.node, tap.from.output, tap.delay)) + tap.delay;
}

Frames OnsetFinder::wait(const Tap& tap) const { return std::max<Frames>(0, onset(tap)); }

Onsets OnsetFinder::take(const Plan& plan) {
  Onsets onsets{.nodes = std::move(nodes_), .lines = {}};
  for (const LinePlan& line : plan.lines)
    onsets.lines.push_back(line_start(line.node, line.output, line.longest));
  return onsets;
}

}  // namespace perigee
