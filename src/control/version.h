// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>

#include "patch/patch.h"
#include "plan/plan.h"

namespace perigee {

/// A patch that compiled without mistakes, and its plan. Whoever plays it, leads on from it or goes back to
/// it holds the same one: it is large and never changes.
struct PlannedPatch {
  Patch patch;
  Plan plan;
};
using Version = std::shared_ptr<const PlannedPatch>;

inline Version version_of(Patch patch, Plan plan) {
  return std::make_shared<const PlannedPatch>(PlannedPatch{std::move(patch), std::move(plan)});
}

}  // namespace perigee
