// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which nodes of a new patch are the old ones: what a save keeps.
//
// Within a scope nodes are paired by kind: those with equal literals first, as a text diff pairs lines, then
// in order. Inputs are no part of identity, so rewiring keeps state. Ports are paired by their names. What is
// left over is paired across scopes if its literals are equal, so that a global can be renamed. A pin goes
// before all of that: it finds its node wherever that has moved to. A node whose fixed values or width
// changed is another node.

#pragma once

#include <string>
#include <vector>

#include "patch/patch.h"
#include "patch/shape.h"

namespace perigee {

struct Diff {
  std::vector<NodeId> old_of;  ///< by new node: the old one that it is, or kNoNode
  std::vector<NodeId> new_of;  ///< by old node
  std::size_t kept = 0, made = 0, gone = 0;
  std::set<Route> routes_made, routes_gone;
};

Diff diff(const Patch& before, const std::vector<Shape>& shapes_before, const Patch& after,
          const std::vector<Shape>& shapes_after);

/// Of a patch and the same one with other wires: each node is itself.
Diff unchanged(const Patch& patch);

/// "kept 14, new 1, gone 2", and if routes changed "; routes: new 1, gone 0".
std::string summary(const Diff& diff);

/// Which nodes and routes are new or gone, and which literals changed: a line each, "+ ", "− " or "~ " first.
std::string details(const Diff& diff, const Patch& before, const Patch& after);

}  // namespace perigee
