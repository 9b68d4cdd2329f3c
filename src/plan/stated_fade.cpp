// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/stated_fade.h"

namespace perigee {

std::vector<std::optional<double>> stated_fades(const Patch& patch, const Plan& plan,
                                                const std::vector<NodeId>& counterpart) {
  std::vector<std::optional<double>> stated(patch.nodes.size());
  for (NodeId id = 0; id < patch.nodes.size(); ++id) stated[id] = patch.nodes[id].fade;
  const WiresTo wires(plan.wires, patch.nodes.size());
  for (const NodeId id : plan.order) {
    if (counterpart[id] != kNoNode) continue;
    for (const Wire& wire : wires[id])
      if (!wire.closes && counterpart[wire.from.node] == kNoNode)
        stated[id] = longest(stated[id], stated[wire.from.node]);
  }
  return stated;
}

}  // namespace perigee
