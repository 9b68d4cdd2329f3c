// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/version.h"

#include <algorithm>

namespace perigee {

Version version_of(Patch patch, Plan plan, std::shared_ptr<const Moment> moment) {
  return std::make_shared<const PlannedPatch>(
      PlannedPatch{std::move(patch), std::move(plan), std::move(moment)});
}

void keep_newest(std::deque<Version>& versions) {
  std::size_t kept = 0, nodes = 0;
  for (; kept < std::min(versions.size(), kMostVersions); ++kept) {
    nodes += versions[versions.size() - 1 - kept]->patch.nodes.size();
    if (kept > 0 && nodes > kMostNodes) break;
  }
  versions.erase(versions.begin(), versions.end() - static_cast<std::ptrdiff_t>(kept));
}

}  // namespace perigee
