// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "patch/diff.h"
#include "plan/plan.h"

namespace perigee {

/// The old patch without those of its wires that stand in the way of the new ones: a stop on the way between
/// two patches whose wires would close a cycle together. Its delays are those of the old plan.
struct Parting {
  Patch patch;
  Plan plan;
};

/// Pure. Both plans are without mistakes.
Parting part_ways(const Patch& before, const Plan& plan_before, const Patch& after, const Diff& diff);

}  // namespace perigee
