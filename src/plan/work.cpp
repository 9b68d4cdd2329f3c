// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/work.h"

#include <algorithm>
#include <numeric>

namespace perigee {

namespace {

// Nanoseconds, of a Zen 5 with AVX-512.
constexpr double kKernel = 10;
constexpr double kAdded = 2;
constexpr double kOther = 60;

}  // namespace

double lanes_to_run(const PatchNode& node, const Shape& shape) {
  if (node.spec->adds_up) return std::accumulate(shape.in_lanes.begin(), shape.in_lanes.end(), 0.0);
  unsigned lanes = shape.lanes;
  for (const auto* some : {&shape.in_lanes, &shape.param_lanes})
    for (const unsigned n : *some) lanes = std::max(lanes, n);
  return lanes;
}

double ns_a_lane(const KindTimes& known, const Spec& kind) {
  if (const auto found = known.find(&kind); found != known.end()) return found->second;
  if (kind.adds_up) return kAdded;
  return kind.bank != nullptr ? kKernel : kOther;
}

}  // namespace perigee
