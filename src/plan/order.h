// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <vector>

#include "patch/patch.h"
#include "plan/wires.h"

namespace perigee {

/// An order in which the nodes can run: every node after those that feed it, feedback wires aside, and
/// otherwise as they were made. Cycles are added to `mistakes`, each named by its whole path; the order then
/// is not to be used.
std::vector<NodeId> order_of(const Patch& patch, const std::vector<Wire>& wires,
                             std::vector<Mistake>& mistakes);

}  // namespace perigee
