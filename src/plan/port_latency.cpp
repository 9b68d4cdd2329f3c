// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/port_latency.h"

#include "plan/reach.h"

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
  Reach reach(plan.shapes, plan.wires);
  for (unsigned input = 0; input < inputs.size(); ++input) {
    reach.from(inputs[input]);
    for (unsigned output = 0; output < outputs.size(); ++output) {
      const Latency* found = reach.to(outputs[output]);
      if (found != nullptr) result.ways.push_back({input, output, *found});
    }
  }
  const auto all = latencies(patch, plan.shapes, plan.order, plan.wires);
  for (const NodeId output : outputs) result.from_sources.push_back(all[output]);
  return result;
}

}  // namespace perigee
