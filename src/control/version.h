// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <deque>
#include <memory>

#include "patch/patch.h"
#include "plan/plan.h"
#include "script/moment.h"

namespace perigee {

/// A patch that compiled without mistakes, and its plan. Whoever plays it, leads on from it or goes back to
/// it holds the same one: it is large and never changes.
struct PlannedPatch {
  Patch patch;
  Plan plan;
  std::shared_ptr<const Moment> moment;  ///< of the script that it is of, if there is one
  std::size_t weight = 0;                ///< in nodes of usual size
};
using Version = std::shared_ptr<const PlannedPatch>;

Version version_of(Patch patch, Plan plan, std::shared_ptr<const Moment> moment = nullptr);

/// So many are kept to go back to, and so many nodes in all of them, each of which takes almost a kilobyte;
/// lists of numbers, points and texts count as so many as they are as large as.
inline constexpr std::size_t kMostVersions = 100, kMostNodes = 500'000;

/// Drops the oldest, which come first, so that no more are left than may be kept. One always may.
void keep_newest(std::deque<Version>& versions);

}  // namespace perigee
