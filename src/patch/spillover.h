// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Switches with a tail: what a branch holds when it is left sounds on, but nothing new is heard through it.
//
// A branch is made of the nodes whose sound goes nowhere else. Where sound enters them, from an input, an
// oscillator or a node that others hear as well, a gate stands in the wire, a node of the kind `spillover`.
// Signals that move parameters pass no gates; nor do factors of what the branch itself makes, or they would
// silence its echoes: a tremolo behind a delay goes on.
//
// Scripts know nothing of gates. They come behind all other nodes of a patch, so that those keep their
// numbers.

#pragma once

#include <vector>

#include "patch/patch.h"

namespace perigee {

/// Whether it is a switch that has a tail, and may have one of so many seconds.
bool has_tail(const PatchNode& node);

/// Where a wire ends.
struct Way {
  NodeId node = kNoNode;
  std::size_t port = 0;  ///< index into PatchNode::inputs, and on into ::params
  bool operator==(const Way&) const = default;
};

/// A branch of a switch that has a tail.
struct Branch {
  NodeId node = kNoNode;            ///< the switch
  unsigned number = 0;              ///< its input
  bool related = false;             ///< two branches hear the same
  std::vector<NodeId> nodes = {};   ///< that it is made of, ascending
  std::vector<Way> entrances = {};  ///< wires by which sound comes into it
};

/// The branches of all switches that have a tail and are heard; one that cannot have gates is a mistake.
std::vector<Branch> branches_of(const Patch& patch, std::vector<Mistake>& mistakes);

/// The patch with its gates. whole_of() (patch/rework.h) leaves them out again.
Patch with_spillover(Patch patch, std::vector<Mistake>& mistakes);

/// Where the sound of a wire comes from: what is before a gate, if it comes from one.
const Source& before_gates(const Patch& patch, const Source& source);

}  // namespace perigee
