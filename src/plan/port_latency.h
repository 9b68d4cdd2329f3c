// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch adds to the latency between its ports: what JACK has to be told, port by port.

#pragma once

#include <vector>

#include "plan/plan.h"

namespace perigee {

struct PortLatencies {
  /// All ways from an input to an output; indices count the patch's inputs and outputs, in the order of its
  /// nodes.
  struct Way {
    unsigned input = 0, output = 0;
    Latency latency;
  };
  std::vector<Way> ways;
  std::vector<Latency> from_sources;  ///< by output: of what no input reaches, as sources make it
};

/// Pure. Feedback counts for nothing, compensation counts.
PortLatencies port_latencies(const Patch& patch, const Plan& plan);

/// A range so much later.
inline Latency operator+(Latency a, Latency b) { return {a.min + b.min, a.max + b.max}; }
/// The least range that holds both.
inline Latency join(Latency a, Latency b) { return {std::min(a.min, b.min), std::max(a.max, b.max)}; }

}  // namespace perigee
