// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How one plan becomes another without a step: the plan that runs in between. It holds the nodes of the new
// patch and those of the old one that can still be heard; kept nodes run once. Every wire that is new, gone
// or led elsewhere, or whose delay changes, has a fade on it. When all fades are over it sounds, bit for bit,
// like the new plan.

#pragma once

#include <optional>
#include <vector>

#include "patch/diff.h"
#include "plan/plan.h"

namespace perigee {

inline constexpr double kFadeSeconds = 0.010;

struct Transition {
  Patch patch;  ///< the new patch's nodes, by their ids; then the old ones; then fades
  Plan plan;
  std::vector<NodeId> old_of;  ///< by node: the old plan's node whose state it goes on with, or kNoNode
  Frames length = 0;           ///< after which every fade is over
};

/// Pure. Both plans are without mistakes and for the same rate. Empty when the old and the new wires would
/// close a cycle together: then part_ways() comes first.
std::optional<Transition> transition(const Patch& before, const Plan& plan_before, const Patch& after,
                                     const Plan& plan_after, const Diff& diff);

/// The old patch without those of its wires that stand in the way of the new ones: a stop on the way between
/// two patches whose wires would close a cycle together. Its delays are those of the old plan.
struct Parted {
  Patch patch;
  Plan plan;
};
Parted part_ways(const Patch& before, const Plan& plan_before, const Patch& after, const Diff& diff);

}  // namespace perigee
