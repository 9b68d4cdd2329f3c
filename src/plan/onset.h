// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When what is new in a plan sounds as it will: a new node with latency is silent at first, and so is a delay
// line until it is filled. Times are frames from the plan's start, negative ones before it.

#pragma once

#include <map>
#include <utility>
#include <vector>

#include "plan/plan.h"
#include "plan/tap.h"

namespace perigee {

/// Of a plan that has begun. Empty: all of it has sounded for long.
struct Onsets {
  std::vector<Frames> nodes;  ///< by node: since when its outputs are what they will be
  std::vector<Frames> lines;  ///< by Plan::lines: since when it is written
};

/// Finds those of the plan that comes after another. `old_of` names, by node, whose state it goes on with.
class OnsetFinder {
 public:
  OnsetFinder(const Plan& before, const Onsets& onsets_before, Frames elapsed,
              const std::vector<NodeId>& old_of);

  /// Adds the nodes of a patch, in its plan's order.
  void add(const Patch& patch, const Plan& plan);
  /// Adds a node behind the others: one of the plan before, or a fade that starts at its wire's onset.
  void add(NodeId old_node);

  /// How long to wait until a tap of an added node sounds as it will; 0: it does already.
  Frames wait(const Tap& tap) const;
  /// Of the plan, once its lines are laid out.
  Onsets take(const Plan& plan);

 private:
  Frames of_old(NodeId old_node) const;
  Frames line_start(NodeId node, unsigned output, Frames longest) const;
  Frames onset(const Tap& tap) const;

  const Plan& before_;
  const Onsets& onsets_before_;
  Frames elapsed_;
  const std::vector<NodeId>& old_of_;
  std::map<std::pair<NodeId, unsigned>, std::size_t> lines_before_;
  std::vector<Frames> nodes_;
};

}  // namespace perigee
