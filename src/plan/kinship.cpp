// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/kinship.h"

namespace perigee {

bool related_inputs(const WiresTo& wires_to, std::size_t nodes, NodeId id) {
  // Which input claimed each node as its ancestor; a second claim is kinship.
  constexpr unsigned kNobody = UINT32_MAX;
  std::vector<unsigned> claimed(nodes, kNobody);
  for (const Wire& into : wires_to[id]) {
    if (into.to_param) continue;
    std::vector<NodeId> open{into.from.node};
    while (!open.empty()) {
      const NodeId node = open.back();
      open.pop_back();
      if (node == id || claimed[node] == into.index) continue;
      if (claimed[node] != kNobody) return true;
      claimed[node] = into.index;
      for (const Wire& wire : wires_to[node])
        if (!wire.to_param) open.push_back(wire.from.node);
    }
  }
  return false;
}

}  // namespace perigee
