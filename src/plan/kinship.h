// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <utility>

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
  /// Nodes are numbered, those of a cycle alike, so that all other ancestors have lower numbers. The span of
  /// a node goes from the lowest number among its ancestors to its own: spans that are apart belong to
  /// strangers, and those that start alike to relatives. Most questions end there; without it, each would
  /// take as long as the patch is deep.
  struct Span {
    std::uint32_t first = 0, last = 0;
  };
  /// The last question in which something was met, and of which input it is an ancestor.
  struct Claim {
    std::uint64_t question = 0;
    unsigned input = 0;
  };

  void find_spans();
  bool apart(NodeId id) const;
  bool taken(Claim& claim, unsigned input) const;
  bool meet(NodeId node, unsigned input, NodeId id);

  const WiresTo& wires_to_;
  std::vector<Span> spans_;    ///< by node, from the first question on
  std::vector<Claim> claims_;  ///< by node
  std::vector<Claim> firsts_;  ///< by number: starts of spans
  std::uint64_t question_ = 0;
  std::vector<std::pair<NodeId, unsigned>> met_;  ///< ancestors, and of which input
};

}  // namespace perigee
