// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many lanes every signal of a patch has, in whatever order its nodes were made and wired.
//
// The width of a node follows from those of some of its sources. Nodes that follow from each other, around a
// feedback, can only agree if all of them are equally wide: so they are settled together, and what does not
// agree then grows each time around. Every node is asked a fixed number of times.

#pragma once

#include <vector>

#include "patch/shape.h"

namespace perigee {

/// A node whose own lanes are more than a signal may have.
struct TooWide {
  NodeId node = kNoNode;
  unsigned lanes = 0;
};

struct Widths {
  std::vector<unsigned> lanes;  ///< by node: of its outputs, 1 … kMostLanes
  std::vector<TooWide> wide;    ///< those count as kMostLanes for who hears them
  std::vector<NodeId> growing;  ///< feedback nodes whose lanes grow each time around
};

/// Of all nodes at a rate in Hz. Kinds are not asked about fixed values that validation will refuse.
Widths widths_of(const Patch& patch, double rate);

/// Whether a kind may be asked about a node's fixed values.
bool fixed_values_fit(const PatchNode& node);

}  // namespace perigee
