// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "plan/order.h"

namespace perigee {

namespace {

Frames heard(const Source& source, const Timing& timing, const std::vector<Shape>& shapes) {
  return timing.arrivals[source.node].at + shapes[source.node].latency;
}

Arrival arrival(std::span<const Wire> wires, const Spec& spec, const Timing& timing,
                const std::vector<Shape>& shapes) {
  if (spec.role == Role::feedback || spec.still) return {0, true};
  if (wires.empty()) return {};
  Arrival latest{0, true}, uncompensated{0, true};
  for (const Wire& wire : wires) {
    if (timing.arrivals[wire.from.node].floats) continue;
    Arrival& one = wire.from.compensated ? latest : uncompensated;
    one = {std::max(one.at, heard(wire.from, timing, shapes)), false};
  }
  return latest.floats ? uncompensated : latest;
}

/// Compensated outputs line up with each other; this is whether an output is one.
bool aligned(std::span<const Wire> wires, const Timing& timing) {
  return std::ranges::any_of(wires, [&](const Wire& wire) {
    return wire.from.compensated && !timing.arrivals[wire.from.node].floats;
  });
}

}  // namespace

Timing compensate(const Patch& patch, const std::vector<Shape>& shapes, const std::vector<NodeId>& order,
                  std::vector<Wire>& wires) {
  Timing timing{.arrivals = std::vector<Arrival>(patch.nodes.size())};
  const WiresTo wires_to(wires, patch.nodes.size());
  const auto is_output = [&](NodeId id) { return patch.nodes[id].spec->role == Role::output; };
  for (const NodeId id : order) {
    timing.arrivals[id] = arrival(wires_to[id], *patch.nodes[id].spec, timing, shapes);
    if (is_output(id) && aligned(wires_to[id], timing))
      timing.latency = std::max(timing.latency, timing.arrivals[id].at);
  }
  for (const NodeId id : order) {
    const bool waits = is_output(id) && aligned(wires_to[id], timing);
    if (waits || patch.nodes[id].spec->says >= 0) timing.arrivals[id].at = timing.latency;
  }
  for (Wire& wire : wires) {
    const bool lines_up = !wire.closes && wire.from.compensated && !timing.arrivals[wire.from.node].floats;
    wire.delay = lines_up ? timing.arrivals[wire.to].at - heard(wire.from, timing, shapes) : 0;
  }
  return timing;
}

std::vector<Latency> latencies(const Patch& patch, const std::vector<Shape>& shapes,
                               const std::vector<NodeId>& order, const std::vector<Wire>& wires) {
  const WiresTo wires_to(wires, shapes.size());
  std::vector<Latency> ranges(shapes.size(), Latency::unreached());
  for (const NodeId id : order) {
    if (wires_to[id].empty() && !patch.nodes[id].spec->still) ranges[id] = {0, 0};
    for (const Wire& wire : wires_to[id]) {
      const Latency& before = ranges[wire.from.node];
      if (wire.closes || !before.reached()) continue;
      const Frames more = shapes[wire.from.node].latency + wire.delay;
      ranges[id].min = std::min(ranges[id].min, before.min + more);
      ranges[id].max = std::max(ranges[id].max, before.max + more);
    }
  }
  for (Latency& range : ranges)
    if (!range.reached()) range = {0, 0};
  return ranges;
}

namespace {

/// The wire that a node waited for: of those heard last, a compensated one and from a node with latency, if
/// any.
const Wire* awaited(std::span<const Wire> wires, const std::vector<Shape>& shapes, const Timing& timing,
                    NodeId id) {
  const Wire* best = nullptr;
  const auto merit = [&](const Wire& wire) {
    return std::pair(wire.from.compensated, shapes[wire.from.node].latency);
  };
  for (const Wire& wire : wires) {
    if (wire.closes || timing.arrivals[wire.from.node].floats) continue;
    if (heard(wire.from, timing, shapes) != timing.arrivals[id].at) continue;
    if (best == nullptr || merit(wire) > merit(*best)) best = &wire;
  }
  return best;
}

}  // namespace

std::string forcing_path(const Patch& patch, const std::vector<Shape>& shapes, const WiresTo& wires_to,
                         const Timing& timing, NodeId id) {
  // An output that waited for none of its own wires was lined up with the latest output.
  NodeId last = id;
  if (patch.nodes[id].spec->role == Role::output && aligned(wires_to[id], timing) &&
      awaited(wires_to[id], shapes, timing, id) == nullptr) {
    for (NodeId other = 0; other < patch.nodes.size(); ++other) {
      const bool waits = patch.nodes[other].spec->role == Role::output && aligned(wires_to[other], timing);
      if (waits && awaited(wires_to[other], shapes, timing, other) != nullptr) last = other;
    }
  }
  std::vector<std::string> steps{label(patch, last)};
  for (NodeId at = last; const Wire* wire = awaited(wires_to[at], shapes, timing, at);) {
    at = wire->from.node;
    const Frames own = shapes[at].latency;
    steps.push_back(own > 0 ? fmt::format("{} ({})", label(patch, at), own) : label(patch, at));
  }
  std::ranges::reverse(steps);
  const std::string path = fmt::format("{}", fmt::join(steps, " → "));
  return last == id ? path : fmt::format("{}, as all outputs are aligned", path);
}

Frames latency_of(const Patch& patch, NodeId id, double rate) {
  std::vector<Mistake> mistakes;
  const auto widths = shapes(patch, rate, mistakes);
  auto wires = wires_of(patch);
  const auto order = order_of(patch, wires, mistakes);
  if (order.size() != patch.nodes.size()) return 0;
  const Timing timing = compensate(patch, widths, order, wires);
  return timing.arrivals[id].at + widths[id].latency;
}

}  // namespace perigee
