// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/transition.h"

#include <algorithm>

#include "node/registry.h"
#include "plan/stated_fade.h"
#include "plan/union.h"

namespace perigee {

namespace {

/// A port that the edit before took away and that is still fading is the one that comes back.
void meet_again(const Departure& before, const Patch& after, const Plan& plan_after, Diff& diff) {
  std::vector<NodeId> outputs;
  for (NodeId id = 0; id < after.nodes.size(); ++id)
    if (diff.old_of[id] == kNoNode && after.nodes[id].spec->role == Role::output) outputs.push_back(id);
  for (NodeId old_node = 0; old_node < before.patch.nodes.size(); ++old_node) {
    const PatchNode& was = before.patch.nodes[old_node];
    if (diff.new_of[old_node] != kNoNode || was.spec->role != Role::output) continue;
    for (const NodeId id : outputs) {
      if (diff.old_of[id] != kNoNode || after.nodes[id].spec != was.spec ||
          after.nodes[id].fixed[0] != was.fixed[0] ||
          before.plan.shapes[old_node].in_lanes != plan_after.shapes[id].in_lanes)
        continue;
      diff.old_of[id] = old_node;
      diff.new_of[old_node] = id;
      break;
    }
  }
}

/// Every old node counts, also those that the edit before left behind.
Diff completed(Diff diff, const Departure& before, const Patch& after, const Plan& plan_after) {
  diff.new_of.resize(before.patch.nodes.size(), kNoNode);
  meet_again(before, after, plan_after, diff);
  return diff;
}

/// Leads every end of a wire from what it hears to what it is to hear.
class Leading {
 public:
  Leading(const Departure& before, const Patch& after, const Plan& plan_after, Diff diff)
      : before_(before),
        after_(after),
        diff_(completed(std::move(diff), before, after, plan_after)),
        wires_before_(before.plan.wires, before.patch.nodes.size()),
        wires_after_(plan_after.wires, after.nodes.size()),
        stated_before_(stated_fades(before.patch, before.plan, diff_.new_of)),
        stated_after_(stated_fades(after, plan_after, diff_.old_of)),
        union_(before, after, plan_after, diff_) {}

  std::optional<Transition> run() {
    for (NodeId id = 0; id < after_.nodes.size(); ++id) lead_node(id);
    for (NodeId id = 0; id < before_.patch.nodes.size(); ++id)
      if (diff_.new_of[id] == kNoNode && node_before(id).spec->role == Role::output) fade_out_port(id);
    return union_.finish();
  }

 private:
  const PatchNode& node_before(NodeId old_node) const { return before_.patch.nodes[old_node]; }

  std::optional<double> stated_before(const Tap& old_tap) const {
    return old_tap.silent() || diff_.new_of[old_tap.from.node] != kNoNode ? std::nullopt
                                                                          : stated_before_[old_tap.from.node];
  }

  std::optional<double> stated_after(const Tap& tap) const {
    return tap.silent() || tap.from.node >= stated_after_.size() ? std::nullopt
                                                                 : stated_after_[tap.from.node];
  }

  /// Leads a kept end, or the port of an old node, from what it hears to what it is to hear.
  void lead(const Tap& was, const Tap& is, const End& end) {
    if (union_.same(was, is)) {
      union_.wire(is, end);
      return;
    }
    const Fade* under_way = union_.fade_of(was);
    if (under_way != nullptr && union_.same(under_way->to, is)) {
      union_.go_on(*under_way, is, end);
      return;
    }
    const bool only_later = union_.same_source(was, is);
    auto seconds = only_later ? std::nullopt : longest(stated_before(was), stated_after(is));
    if (!only_later && !was.silent() && diff_.new_of[was.from.node] != kNoNode)
      seconds = longest(seconds, stated_after({.from = {.node = diff_.new_of[was.from.node]}}));
    union_.fade(union_.mapped(was), is, end, seconds.value_or(kFadeSeconds));
  }

  /// The number that a fade of the edit before leads to, if it does.
  const double* held_by(const Tap& old_tap) const {
    static const Spec* const constant = find_kind("constant");
    if (old_tap.silent() || diff_.new_of[old_tap.from.node] != kNoNode) return nullptr;
    const PatchNode& node = node_before(old_tap.from.node);
    return node.spec == constant ? std::get_if<double>(&node.params[0]) : nullptr;
  }

  void lead_param(NodeId id, unsigned index, const std::optional<Tap>& before, const std::optional<Tap>& is) {
    const End end{id, true, index};
    const NodeId old_node = union_.old_of(id);
    std::optional<Tap> was;
    if (before) was = union_.settled(*before);
    if (is) {
      if (was) {
        lead(*was, *is, end);
        return;
      }
      const Tap from = union_.held(std::get<double>(node_before(old_node).params[index]), end);
      union_.fade(from, *is, end, stated_after(*is).value_or(kFadeSeconds));
      return;
    }
    if (!was) return;  // a number stays a number: the engine ramps it
    const double number = std::get<double>(after_.nodes[id].params[index]);
    const Fade* under_way = union_.fade_of(*was);
    if (under_way == nullptr && held_by(*was) != nullptr) return;  // it has become a number
    const double* to = under_way == nullptr ? nullptr : held_by(under_way->to);
    if (to != nullptr && *to == number) {
      union_.go_on(*under_way, union_.mapped(under_way->to), end);
    } else {
      union_.fade(union_.mapped(*was), union_.held(number), end, stated_before(*was).value_or(kFadeSeconds));
    }
  }

  bool makes_sound_itself(NodeId id) const {
    return std::ranges::none_of(after_.nodes[id].inputs,
                                [](const Source& source) { return source.node != kNoNode; });
  }

  /// Into a new node sound comes in slowly, so that no echo of its beginning can click. What controls it is
  /// there at once.
  bool ramps_in(const Tap& tap, NodeId id) const {
    return !tap.silent() && (union_.kept(tap.from.node) || makes_sound_itself(tap.from.node) ||
                             after_.nodes[id].spec->role == Role::output);
  }

  void lead_node(NodeId id) {
    const PatchNode& node = after_.nodes[id];
    const auto inputs = static_cast<unsigned>(node.inputs.size());
    const auto is = taps_of(node, wires_after_[id]);
    if (node.spec->role == Role::feedback) {
      union_.wire(is[0].value_or(Tap{}), {id, false, 0}, true);
      return;
    }
    std::vector<std::optional<Tap>> was;
    if (union_.kept(id)) was = taps_of(node_before(union_.old_of(id)), wires_before_[union_.old_of(id)]);
    for (unsigned i = 0; i < is.size(); ++i) {
      const End end{id, i >= inputs, i >= inputs ? i - inputs : i};
      if (union_.kept(id)) {
        if (end.is_param) {
          lead_param(id, end.index, was[i], is[i]);
        } else {
          lead(union_.settled(*was[i]), *is[i], end);
        }
      } else if (is[i] && !end.is_param && ramps_in(*is[i], id)) {
        union_.fade({}, *is[i], end, stated_after(*is[i]).value_or(kFadeSeconds));
      } else if (is[i]) {
        union_.wire(*is[i], end);
      }
    }
  }

  void fade_out_port(NodeId old_node) {
    const auto was = union_.settled(*taps_of(node_before(old_node), wires_before_[old_node])[0]);
    if (was.silent()) return;
    lead(was, {}, {union_.port_from_old(old_node), false, 0});
  }

  const Departure& before_;
  const Patch& after_;
  const Diff diff_;
  WiresTo wires_before_, wires_after_;
  std::vector<std::optional<double>> stated_before_, stated_after_;  ///< seconds, by old and by new node
  Union union_;
};

}  // namespace

std::optional<Transition> transition(const Departure& before, const Patch& after, const Plan& plan_after,
                                     Diff diff) {
  return Leading(before, after, plan_after, std::move(diff)).run();
}

}  // namespace perigee
