// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/reach.h"

#include <algorithm>

namespace perigee {

Reach::Reach(const std::vector<Shape>& shapes, std::span<const Wire> wires)
    : shapes_(shapes),
      first_(shapes.size() + 1),
      found_(shapes.size(), Latency::unreached()),
      seen_(shapes.size()) {
  for (const Wire& wire : wires)
    if (!wire.closes) ++first_[wire.from.node + 1];
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  by_source_.resize(first_.back());
  auto next = first_;
  for (const Wire& wire : wires)
    if (!wire.closes) by_source_[next[wire.from.node]++] = &wire;
}

void Reach::from(NodeId start) {
  for (const NodeId id : seen_nodes_) {
    found_[id] = Latency::unreached();
    seen_[id] = false;
  }
  seen_nodes_.clear();
  const auto see = [&](NodeId id) {
    if (seen_[id]) return;
    seen_[id] = true;
    open_.emplace_back(id, 0);
  };
  // Depth first: a node is left after all that it feeds.
  see(start);
  while (!open_.empty()) {
    auto& [id, tried] = open_.back();
    const auto wires = wires_from(id);
    if (tried < wires.size()) {
      see(wires[tried++]->to);
    } else {
      seen_nodes_.push_back(id);
      open_.pop_back();
    }
  }
  std::ranges::reverse(seen_nodes_);
  for (const NodeId id : seen_nodes_) {
    const Latency before = id == start ? Latency{} : found_[id];
    for (const Wire* wire : wires_from(id)) {
      const Frames more = shapes_[id].latency + wire->delay;
      Latency& there = found_[wire->to];
      there.min = std::min(there.min, before.min + more);
      there.max = std::max(there.max, before.max + more);
    }
  }
}

}  // namespace perigee
