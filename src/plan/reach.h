// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <span>
#include <utility>
#include <vector>

#include "patch/shape.h"
#include "plan/timing.h"
#include "plan/wires.h"

namespace perigee {

/// What a node reaches, feedback aside, and how late; compensation included. One after the other, each takes
/// as long as it reaches much.
class Reach {
 public:
  /// Both outlive this.
  Reach(const std::vector<Shape>& shapes, std::span<const Wire> wires);

  /// Starts from the outputs of a node.
  void from(NodeId start);
  /// The latency to the inputs of a node, or nullptr if it is not reached.
  const Latency* to(NodeId id) const { return found_[id].reached() ? &found_[id] : nullptr; }

 private:
  std::span<const Wire* const> wires_from(NodeId id) const {
    return std::span(by_source_).subspan(first_[id], first_[id + 1] - first_[id]);
  }

  const std::vector<Shape>& shapes_;
  std::vector<std::size_t> first_;                    ///< by node: where its wires start
  std::vector<const Wire*> by_source_;                ///< without feedback
  std::vector<Latency> found_;                        ///< by node
  std::vector<bool> seen_;                            ///< by node
  std::vector<NodeId> seen_nodes_;                    ///< each before those that it feeds
  std::vector<std::pair<NodeId, std::size_t>> open_;  ///< the way to where the search is, and wires tried
};

}  // namespace perigee
