// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which nodes run together. Nodes of one kind that do not depend on each other, as the voices of a loop, make
// a bank: one step that runs their lanes side by side. Each stays what it is.

#pragma once

#include <vector>

#include "plan/mixdown.h"
#include "plan/plan.h"

namespace perigee {

/// Nodes that run in one step; or a part of a sum, which is more than one.
struct Group {
  std::vector<NodeId> nodes = {};
  const MixPart* part = nullptr;
};

/// All nodes of a plan that has shapes, order and wires, in groups of at most so many lanes, in an order in
/// which they can run; what scales into a part belongs to it. A chain of banks comes before the next one, so
/// that buffers are used again while they are warm. Several threads get banks that can be dealt out evenly.
/// n log n.
std::vector<Group> banks_of(const Patch& patch, const Plan& plan, const std::vector<MixPart>& parts,
                            unsigned most_lanes, unsigned threads = 1);

/// Some nodes that do not depend on each other, in runs that can be a bank.
std::vector<Group> alike(const Patch& patch, const std::vector<NodeId>& nodes);

}  // namespace perigee
