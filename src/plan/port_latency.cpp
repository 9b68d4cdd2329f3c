// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/port_latency.h"

namespace perigee {

namespace {

std::vector<NodeId> nodes_of(const Patch& patch, Role role) {
  std::vector<NodeId> ids;
  for (NodeId id = 0; id < patch.nodes.size(); ++id)
    if (patch.nodes[id].spec->role == role) ids.push_back(id);
  return ids;
}

}  // namespace

PortLatencies port_latencies(const Patch& patch, const Plan& plan) {
  PortLatencies result;
  const auto inputs = nodes_of(patch, Role::input), outputs = nodes_of(patch, Role::output);
  for (unsigned input = 0; input < inputs.size(); ++input) {
    const auto reached = latencies_from(inputs[input], plan.shapes, plan.order, plan.wires);
    for (unsigned output = 0; output < outputs.size(); ++output) {
      const auto found = reached.find(outputs[output]);
      if (found != reached.end()) result.ways.push_back({input, output, found->second});
    }
  }
  const auto all = latencies(patch, plan.shapes, plan.order, plan.wires);
  for (const NodeId output : outputs) result.from_sources.push_back(all[output]);
  return result;
}

}  // namespace perigee
