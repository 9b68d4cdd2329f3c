// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/kinship.h"

namespace perigee {

bool Kinship::related_inputs(NodeId id) {
  ++question_;
  for (const Wire& into : wires_to_[id]) {
    if (into.to_param) continue;
    open_.assign(1, into.from.node);
    while (!open_.empty()) {
      const NodeId node = open_.back();
      open_.pop_back();
      Claim& claim = claims_[node];
      if (node == id || (claim.question == question_ && claim.input == into.index)) continue;
      if (claim.question == question_) return true;
      claim = {question_, into.index};
      for (const Wire& wire : wires_to_[node])
        if (!wire.to_param) open_.push_back(wire.from.node);
    }
  }
  return false;
}

}  // namespace perigee
