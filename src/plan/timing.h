// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When sound arrives where, and by how much each wire is delayed so that all paths line up.
//
//   A(n) = max over the inputs of n of A(source) + latency(source)
//
// Each input is delayed by what it arrives early; control signals are inputs like any other. All outputs of
// the patch are aligned with the latest. A wire that opts out (nocomp) is not delayed and delays nobody. What
// comes only out of feedback has no time of its own to line up: it floats, is never delayed, and delays
// nobody. The same holds for signals that never change.

#pragma once

#include <string>
#include <vector>

#include "patch/patch.h"
#include "patch/shape.h"
#include "plan/wires.h"

namespace perigee {

/// How late, in frames, the signals that reach a node's inputs are.
struct Arrival {
  Frames at = 0;
  bool floats = false;
};

/// The least and the most latency over all paths between two places.
struct Latency {
  Frames min = 0, max = 0;
  static constexpr Latency unreached() { return {INT64_MAX, INT64_MIN}; }
  bool reached() const { return min <= max; }
  bool operator==(const Latency&) const = default;
};

struct Timing {
  std::vector<Arrival> arrivals;  ///< by node
  Frames latency = 0;             ///< of the patch: when its compensated outputs are heard
};

/// Fills in Wire::delay.
Timing compensate(const Patch& patch, const std::vector<Shape>& shapes, const std::vector<NodeId>& order,
                  std::vector<Wire>& wires);

/// To the inputs of each node, over the paths from all nodes that nothing feeds.
std::vector<Latency> latencies(const Patch& patch, const std::vector<Shape>& shapes,
                               const std::vector<NodeId>& order, const std::vector<Wire>& wires);

/// The path that made node `id` wait: from a source to the node, as "mic → lim (240) → mix", with the latency
/// of each node that has one. An output that only waits because all outputs are aligned is told the path to
/// the latest one: "mic → lim (240) → output main, as all outputs are aligned".
std::string forcing_path(const Patch& patch, const std::vector<Shape>& shapes, const WiresTo& wires_to,
                         const Timing& timing, NodeId id);

/// How late a signal of a patch in the making is: that of its node's outputs. Cycles count as no latency.
Frames latency_of(const Patch& patch, NodeId id, double rate);

}  // namespace perigee
