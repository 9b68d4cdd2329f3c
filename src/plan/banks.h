// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which nodes run together. Nodes of one kind that do not depend on each other, as the voices of a loop, make
// a bank: one step that runs their lanes side by side. Each stays what it is.

#pragma once

#include <vector>

#include "patch/shape.h"
#include "plan/wires.h"

namespace perigee {

/// The most lanes in a bank, but for a single node that has more: what a few vectors in flight need, and a
/// chunk of theirs stays in the first cache from one bank to the next.
inline constexpr unsigned kBankLanes = 64;

/// Nodes that run in one step.
using Group = std::vector<NodeId>;

/// All nodes in groups, in an order in which they can run. A chain of banks comes before the next one, so
/// that buffers are used again while they are warm. `order` is a topological order; n log n.
std::vector<Group> banks_of(const Patch& patch, const std::vector<Shape>& shapes,
                            const std::vector<NodeId>& order, const std::vector<Wire>& wires);

}  // namespace perigee
