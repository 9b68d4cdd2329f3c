// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a large sum is made: in parts of kMixPart inputs, each added up as soon as they are there. What does
// nothing but scale on the way into a part, as the gain and the pan of a voice, is done while adding.

#pragma once

#include <vector>

#include "plan/plan.h"

namespace perigee {

struct MixPart {
  NodeId sum = kNoNode;
  std::size_t first = 0, count = 0;  ///< of its inputs
  /// For each of them the nodes that scale it, in the order of the signal. Nobody else hears what they make.
  std::vector<std::vector<NodeId>> scalers;
};

/// The parts of all sums that are worth it. `plan` has shapes and wires.
std::vector<MixPart> mix_parts(const Patch& patch, const Plan& plan, const WiresTo& wires_to);

}  // namespace perigee
