// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/mixdown.h"

#include <algorithm>

#include "dsp/mix.h"

namespace perigee {

namespace {

/// Fewer inputs are not worth a step of their own.
constexpr std::size_t kLeast = 4;

class Scalers {
 public:
  Scalers(const Patch& patch, const Plan& plan, const WiresTo& wires_to)
      : patch_(patch), plan_(plan), wires_to_(wires_to), readers_(patch.nodes.size()) {
    for (const Wire& wire : plan.wires) ++readers_[wire.from.node];
  }

  /// Those before the end of a wire, the last one last.
  std::vector<NodeId> before(const Wire& end) const {
    std::vector<NodeId> found;
    for (const Wire* wire = &end; scales_into(*wire); wire = &wires_to_[wire->from.node][0])
      found.push_back(wire->from.node);
    std::ranges::reverse(found);
    return found;
  }

 private:
  /// What a node makes goes down this wire, whole and at once, and nowhere else.
  bool scales_into(const Wire& wire) const {
    const NodeId id = wire.from.node;
    const PatchNode& node = patch_.nodes[id];
    if (node.spec->factor == nullptr || readers_[id] != 1) return false;
    if (wire.delay > 0 || wire.closes || wire.from.lane >= 0) return false;
    const auto ends = wires_to_[id];
    const auto moves = [this](const Wire& end) {
      return end.delay > 0 || (end.to_param && !patch_.nodes[end.from.node].spec->still);
    };
    if (ends.empty() || ends[0].to_param || std::ranges::any_of(ends, moves)) return false;
    // One that folds lanes does more than scale.
    const Shape& shape = plan_.shapes[id];
    return !node.spec->any_lanes || (shape.in_lanes[0] == 1 && shape.param_lanes[0] == 1);
  }

  const Patch& patch_;
  const Plan& plan_;
  const WiresTo& wires_to_;
  std::vector<unsigned> readers_;
};

}  // namespace

std::vector<MixPart> mix_parts(const Patch& patch, const Plan& plan, const WiresTo& wires_to) {
  const Scalers scalers(patch, plan, wires_to);
  std::vector<MixPart> parts;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const auto wires = wires_to[id];
    if (!patch.nodes[id].spec->adds_up || wires.size() < kLeast) continue;
    for (std::size_t first = 0; first < wires.size(); first += dsp::kMixPart) {
      MixPart part{.sum = id, .first = first, .count = std::min(dsp::kMixPart, wires.size() - first)};
      for (const Wire& wire : wires.subspan(first, part.count)) part.scalers.push_back(scalers.before(wire));
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

}  // namespace perigee
