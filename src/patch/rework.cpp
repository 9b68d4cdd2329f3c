// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/rework.h"

#include <algorithm>
#include <map>
#include <set>

#include "patch/learned.h"
#include "patch/spillover.h"

namespace perigee {

namespace {

template <typename Node, typename Each>
void for_sources(Node& node, Each each) {
  for (auto& source : node.inputs)
    if (source.node != kNoNode) each(source);
  for (auto& setting : node.params)
    if (auto* source = std::get_if<Source>(&setting)) each(*source);
}

/// The wire's end after the redefinition, or as it is.
Source after(const Source& wire, const Redefinition& change) {
  const auto& [from, to] = change;
  if (wire.node != from.node || wire.output != from.output) return wire;
  if (from.lane >= 0 && wire.lane != from.lane) return wire;
  Source source = to;
  if (to.lane < 0 && from.lane < 0) source.lane = wire.lane;
  source.compensated = wire.compensated && to.compensated;
  return source;
}

bool is_output(const PatchNode& node) { return node.spec->role == Role::output; }

}  // namespace

void redefine(Patch& patch, NodeId first_new, std::span<const Redefinition> all) {
  const Patch before = patch;  // two names may change places
  std::vector<std::vector<bool>> made_of;
  made_of.reserve(all.size());
  for (const Redefinition& change : all) made_of.push_back(heard_by(before, {change.to.node}, false));
  for (NodeId id = 0; id < first_new; ++id) {
    for_sources(patch.nodes[id], [&](Source& wire) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (made_of[i][id]) continue;
        const Source changed = after(wire, all[i]);
        if (changed == wire) continue;
        wire = changed;
        return;
      }
    });
  }
}

std::vector<NodeId> replaced(Patch& patch, NodeId first_new) {
  std::set<Value> outputs;
  std::set<std::string> pins;
  for (NodeId id = first_new; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (is_output(node)) outputs.insert(node.fixed[0]);
    if (!node.pin.empty()) pins.insert(node.pin);
  }
  std::vector<NodeId> gone;
  for (NodeId id = 0; id < first_new; ++id) {
    PatchNode& node = patch.nodes[id];
    if (pins.contains(node.pin)) node.pin.clear();
    if (is_output(node) && outputs.contains(node.fixed[0])) gone.push_back(id);
  }
  return gone;
}

std::vector<bool> heard_by(const Patch& patch, const std::vector<NodeId>& roots, bool through_feedback) {
  std::vector<bool> heard(patch.nodes.size());
  std::vector<NodeId> open;
  const auto add = [&](NodeId id) {
    if (heard[id]) return;
    heard[id] = true;
    open.push_back(id);
  };
  for (const NodeId root : roots) add(root);
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!through_feedback && patch.nodes[id].spec->role == Role::feedback) continue;
    for_sources(patch.nodes[id], [&](const Source& source) { add(source.node); });
  }
  return heard;
}

PatchPart part_of(const Patch& whole, const std::vector<bool>& stays) {
  PatchPart part{.patch = {.midi = whole.midi,
                           .routes = whole.routes,
                           .folder = whole.folder,
                           .tempo = whole.tempo,
                           .clock = whole.clock}};
  std::vector<NodeId> now(whole.nodes.size(), kNoNode);
  for (NodeId id = 0; id < whole.nodes.size(); ++id) {
    if (!stays[id]) continue;
    now[id] = static_cast<NodeId>(part.origin.size());
    part.origin.push_back(id);
    part.patch.nodes.push_back(whole.nodes[id]);
  }
  for (PatchNode& node : part.patch.nodes)
    for_sources(node, [&](Source& source) { source.node = now[source.node]; });
  return part;
}

Patch whole_of(const Patch& part, std::span<const NodeId> origin, std::span<const Spec* const> kinds) {
  Patch whole{.midi = part.midi,
              .routes = part.routes,
              .folder = part.folder,
              .tempo = part.tempo,
              .clock = part.clock};
  whole.nodes.reserve(kinds.size());
  std::size_t next = 0;
  for (NodeId id = 0; id < kinds.size(); ++id) {
    if (next == origin.size() || origin[next] != id) {
      whole.nodes.push_back(blank(*kinds[id]));
      continue;
    }
    whole.nodes.push_back(part.nodes[next++]);
    for_sources(whole.nodes.back(), [&](Source& source) {
      Source heard = before_gates(part, source);
      if (heard.node >= origin.size()) heard = wire_of_script(part, heard);
      source.node = heard.node == kNoNode ? kNoNode : origin[heard.node];
      source.output = heard.output;
    });
  }
  return whole;
}

}  // namespace perigee
