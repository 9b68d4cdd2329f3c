// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "plan/plan.h"

namespace perigee {

/// By node: in how many seconds it comes and goes. What comes or goes with a node that it feeds counts there
/// too; the longest wins. A node that has a counterpart on the other side of an edit stays.
std::vector<std::optional<double>> stated_fades(const Patch& patch, const Plan& plan,
                                                const std::vector<NodeId>& counterpart);

/// The longer of two, where either is stated.
inline std::optional<double> longest(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::max(*a, *b) : a ? a : b;
}

}  // namespace perigee
