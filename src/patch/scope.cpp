// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/scope.h"

namespace perigee {

namespace {

std::string own_scope(const PatchNode& node) {
  if (!node.name.empty()) return node.name;
  if (node.spec->role == Role::input || node.spec->role == Role::output)
    return std::get<std::string>(node.fixed[0]);
  return {};
}

}  // namespace

std::vector<std::string> scopes_of(const Patch& patch) {
  // Who is heard by whom first, by the order of making.
  std::vector<NodeId> first_reader(patch.nodes.size(), kNoNode);
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const auto reads = [&](const Source& source) {
      if (source.node != kNoNode && first_reader[source.node] == kNoNode) first_reader[source.node] = id;
    };
    for (const Source& source : patch.nodes[id].inputs) reads(source);
    for (const Setting& setting : patch.nodes[id].params)
      if (const auto* source = std::get_if<Source>(&setting)) reads(*source);
  }
  std::vector<std::string> scopes(patch.nodes.size());
  std::vector<NodeId> path;
  std::vector<bool> known(patch.nodes.size());
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    // Downstream to the first that has a scope; the way there may go around through feedback.
    path.clear();
    std::string scope;
    std::vector<bool>::size_type steps = 0;
    for (NodeId at = id; at != kNoNode && steps <= patch.nodes.size(); at = first_reader[at], ++steps) {
      if (known[at]) {
        scope = scopes[at];
        break;
      }
      path.push_back(at);
      scope = own_scope(patch.nodes[at]);
      if (!scope.empty()) break;
    }
    for (const NodeId at : path) {
      scopes[at] = scope;
      known[at] = true;
    }
  }
  return scopes;
}

}  // namespace perigee
