// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How one plan becomes another without a step: the plan that runs in between. It holds the nodes of the new
// patch and those of the old one that can still be heard; kept nodes run once. Every wire that is new, gone
// or led elsewhere, or whose delay changes, has a fade on it. When all fades are over it sounds, bit for bit,
// like the new plan.
//
// An edit may come while the one before still fades. Then the transition between them leads on from the
// earlier one: fades whose end is still wanted go on, others become what the next fade starts from.

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "patch/diff.h"
#include "plan/onset.h"
#include "plan/plan.h"
#include "plan/tap.h"

namespace perigee {

/// What fades last, in seconds, unless the patch says otherwise.
inline constexpr double kFadeSeconds = 0.010;

/// One fade of a transition.
struct Fade {
  NodeId node = kNoNode;
  Tap to;                ///< what it leads to
  Frames end = 0;        ///< from the transition's start
  bool passing = false;  ///< no more than what another fade starts from
};

/// A number that a parameter has until a wire ends there: the constant goes on with it, wherever hands have
/// put it.
struct Held {
  NodeId constant = kNoNode;
  NodeId node = kNoNode;
  unsigned param = 0;
};

struct Transition {
  Patch patch;  ///< the new patch's nodes, by their ids; then old ones; then fades
  Plan plan;
  std::vector<NodeId> old_of;  ///< by node: that of the plan before whose state it goes on with, or kNoNode
  std::vector<Fade> fades;
  std::vector<Held> held;
  Onsets onsets;
  Frames length = 0;  ///< after which every fade is over but those that pass
};

inline const Onsets kAtRest;

/// What an edit starts from: a patch at rest, or a transition that has run for a while.
struct Departure {
  const Patch& patch;
  const Plan& plan;
  std::span<const Fade> fades = {};
  const Onsets& onsets = kAtRest;
  Frames elapsed = 0;  ///< of the transition
};

/// Pure. Both plans are without mistakes and for the same rate; `diff` is between what the departure leads to
/// (its first nodes) and the new patch. Empty when the old and the new wires would close a cycle together.
std::optional<Transition> transition(const Departure& before, const Patch& after, const Plan& plan_after,
                                     Diff diff);

}  // namespace perigee
