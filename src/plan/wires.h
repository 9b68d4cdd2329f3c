// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The wires of a patch as a flat list, which ordering and compensation walk.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "patch/patch.h"

namespace perigee {

struct Wire {
  Source from;
  NodeId to = kNoNode;
  bool to_param = false;  ///< ends at a parameter, else at an input
  unsigned index = 0;     ///< into PatchNode::params or ::inputs
  bool closes = false;    ///< ends at a feedback node: no part of the order or of compensation
  Frames delay = 0;       ///< compensation: how much later than made it is heard
};

/// All wires, grouped by the node that they end at, in the patch's order of nodes.
std::vector<Wire> wires_of(const Patch& patch);

/// The wires that end at each node: runs of a list that is grouped as wires_of groups it, and outlives this.
class WiresTo {
 public:
  WiresTo(std::span<const Wire> wires, std::size_t nodes) : wires_(wires), first_(nodes + 1) {
    for (const Wire& wire : wires) ++first_[wire.to + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  }
  std::span<const Wire> operator[](NodeId id) const {
    return wires_.subspan(first_[id], first_[id + 1] - first_[id]);
  }

 private:
  std::span<const Wire> wires_;
  std::vector<std::size_t> first_;
};

/// The name of the port or parameter that a wire ends at; of a `many` port with its number: "in 3".
std::string port_name(const Patch& patch, const Wire& wire);

}  // namespace perigee
