// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "plan/wires.h"

namespace perigee {

/// Answers whether two inputs of a node share an ancestor: then their signals may be alike, and a crossfade
/// between them keeps its level by fading linearly; strangers keep it at equal power.
class Kinship {
 public:
  /// The wires, grouped by the node that they end at, outlive this.
  Kinship(const WiresTo& wires_to, std::size_t nodes) : wires_to_(wires_to), claims_(nodes) {}

  bool related_inputs(NodeId id);

 private:
  /// The last question in which a node was met as an ancestor, and of which input.
  struct Claim {
    std::uint64_t question = 0;
    unsigned input = 0;
  };

  const WiresTo& wires_to_;
  std::vector<Claim> claims_;
  std::uint64_t question_ = 0;
  std::vector<NodeId> open_;
};

}  // namespace perigee
