// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/version.h"

#include <algorithm>

namespace perigee {

namespace {

/// In nodes: lists that come with one may be much larger.
std::size_t weight(const Patch& patch) {
  std::size_t bytes = 0;
  for (const PatchNode& node : patch.nodes) {
    for (const Value& value : node.fixed) {
      if (const auto* numbers = std::get_if<std::vector<double>>(&value))
        bytes += numbers->size() * sizeof(double);
      if (const auto* points = std::get_if<std::vector<Point>>(&value))
        bytes += points->size() * sizeof(Point);
      if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
    }
  }
  return patch.nodes.size() + bytes / 1024;
}

}  // namespace

Version version_of(Patch patch, Plan plan, std::shared_ptr<const Moment> moment) {
  const std::size_t size = weight(patch);
  return std::make_shared<const PlannedPatch>(
      PlannedPatch{std::move(patch), std::move(plan), std::move(moment), size});
}

void keep_newest(std::deque<Version>& versions) {
  std::size_t kept = 0, nodes = 0;
  for (; kept < std::min(versions.size(), kMostVersions); ++kept) {
    nodes += versions[versions.size() - 1 - kept]->weight;
    if (kept > 0 && nodes > kMostNodes) break;
  }
  versions.erase(versions.begin(), versions.end() - static_cast<std::ptrdiff_t>(kept));
}

}  // namespace perigee
