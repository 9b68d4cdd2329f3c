// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where to draw what: a layered layout (Sugiyama, Tagawa, Toda, "Methods for visual understanding of
// hierarchical system structures", 1981), sound flowing from left to right. Boxes never overlap, and wires
// keep clear of them.

#pragma once

#include <vector>

#include "picture/picture.h"

namespace perigee {

/// A place in the drawing, in pixels from the top left.
struct Spot {
  double x = 0, y = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

struct Drawing {
  double width = 0, height = 0;
  std::vector<Box> boxes;  ///< by node
  /// By wire: from its source through the gaps between other boxes to its end. Every second stretch, starting
  /// with the first, crosses from one layer to the next; the others run level.
  std::vector<std::vector<Spot>> routes;
};

/// `widths` are what the boxes of the nodes need.
Drawing arrange(const Picture& picture, const std::vector<double>& widths);

}  // namespace perigee
