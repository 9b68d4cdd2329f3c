// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <optional>
#include <vector>

#include "plan/transition.h"

namespace perigee {

/// An end of a wire: an input of a node, or a parameter.
struct End {
  NodeId node = kNoNode;
  bool is_param = false;
  unsigned index = 0;
};

/// A transition in the making: the nodes of the new patch, those of the old one that turn out to be heard
/// still, and fades. Taps and nodes are the transition's; those of the plan before are called old.
class Union {
 public:
  /// `diff` is complete: it knows every old node. All outlive this.
  Union(const Departure& before, const Patch& after, const Plan& plan_after, const Diff& diff);

  bool kept(NodeId id) const { return result_.old_of[id] != kNoNode; }
  /// The old node that one goes on with, or kNoNode.
  NodeId old_of(NodeId id) const { return result_.old_of[id]; }
  /// The node that goes on with an old one; those that are gone are taken in, and heard as they were.
  NodeId from_old(NodeId old_node);
  /// An old port, whose wire its owner will lay.
  NodeId port_from_old(NodeId old_node);

  /// An old tap, past the fades that are over.
  Tap settled(Tap old_tap) const;
  /// The fade that an old tap hears, or nullptr.
  const Fade* fade_of(const Tap& old_tap) const;
  Tap mapped(Tap old_tap);
  /// Whether an old tap is this one; whether it hears the same source.
  bool same(const Tap& old_tap, const Tap& tap) const;
  bool same_source(const Tap& old_tap, const Tap& tap) const;

  void wire(const Tap& tap, const End& end, bool closes = false);
  /// Wires through a new fade from one tap to another, of so many seconds.
  void fade(const Tap& from, const Tap& to, const End& end, double seconds);
  /// Wires through an old fade, whose end is still wanted.
  void go_on(const Fade& old_fade, const Tap& to, const End& end);
  /// What holds a number, as a tap: a parameter that is a number on the other side of the edit. `from`: the
  /// kept end that had it, and of which hands may have set it.
  Tap held(double number, std::optional<End> from = {});

  /// Empty when the wires close a cycle.
  std::optional<Transition> finish();

 private:
  NodeId add(const PatchNode& node, const Shape& shape, Arrival arrival, NodeId old_node);
  unsigned lanes(const Tap& tap) const;
  void part_feedback();
  void wire_old();
  void write_wires_into_nodes();
  void choose_laws();

  const Departure& before_;
  const Diff& diff_;
  double rate_;
  Frames latency_after_;
  WiresTo wires_before_;
  std::vector<const Fade*> fade_at_;  ///< by old node
  std::vector<bool> went_on_;         ///< by old node: a fade whose end is still wanted
  Transition result_;
  OnsetFinder onset_;
  std::vector<NodeId> from_old_;  ///< by old node
  std::vector<NodeId> open_;      ///< old nodes taken in, not yet wired
  std::vector<Arrival> arrivals_;
  std::vector<Wire> wires_;
};

}  // namespace perigee
