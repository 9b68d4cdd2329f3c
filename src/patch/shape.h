// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How wide every signal of a patch is, and what each node will be built for.

#pragma once

#include <vector>

#include "patch/patch.h"

namespace perigee {

/// No signal is wider.
inline constexpr unsigned kMostLanes = 65536;

/// Widths and latency of one node.
struct Shape {
  unsigned lanes = 1;                 ///< of its outputs
  std::vector<unsigned> in_lanes;     ///< of each wire in; 1 where nothing is wired
  std::vector<unsigned> param_lanes;  ///< of each parameter
  Frames latency = 0;                 ///< declared, frames
  bool voices = false;                ///< each lane of its outputs is a voice
  bool hears_voices = false;          ///< each lane of its first input is
};

/// The Setup that a node of this shape is built with. It points into `patch` and `shape`.
Setup setup_of(const Patch& patch, NodeId id, const Shape& shape, double rate);

/// Shapes of all nodes at a rate in Hz. Widths go around feedback wires and agree; mistakes in the patch
/// (mismatched lanes, a lane that is not there, more lanes than a signal may have or lanes that grow each
/// time around) are added to `mistakes`, and the shapes then are a best guess.
std::vector<Shape> shapes(const Patch& patch, double rate, std::vector<Mistake>& mistakes);

}  // namespace perigee
