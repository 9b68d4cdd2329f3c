// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/transition.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "node/fade.h"
#include "node/registry.h"
#include "plan/order.h"
#include "plan/steps.h"

namespace perigee {

namespace {

/// A tap: what a wire hears, and how late.
struct Tap {
  Source from;  ///< kNoNode: silence
  Frames delay = 0;
  bool operator==(const Tap& other) const {
    return from.node == other.from.node && from.output == other.from.output && from.lane == other.from.lane &&
           delay == other.delay;
  }
};

/// Ends of wires at one node: its inputs, then its parameters. A parameter that is a number has no tap.
std::vector<std::optional<Tap>> taps_of(const PatchNode& node, std::span<const Wire> wires) {
  std::vector<std::optional<Tap>> taps(node.inputs.size() + node.params.size());
  for (std::size_t i = 0; i < node.inputs.size(); ++i) taps[i] = Tap{};
  for (const Wire& wire : wires)
    taps[wire.to_param ? node.inputs.size() + wire.index : wire.index] = Tap{wire.from, wire.delay};
  return taps;
}

class Union {
 public:
  Union(const Patch& before, const Plan& plan_before, const Patch& after, const Plan& plan_after,
        const Diff& diff)
      : before_(before),
        after_(after),
        plan_before_(plan_before),
        plan_after_(plan_after),
        diff_(diff),
        wires_before_(plan_before.wires, before.nodes.size()),
        wires_after_(plan_after.wires, after.nodes.size()),
        from_old_(before.nodes.size(), kNoNode) {}

  std::optional<Transition> run() {
    result_.patch = {.nodes = after_.nodes, .folder = after_.folder, .tempo = after_.tempo};
    result_.old_of = diff_.old_of;
    result_.plan.rate = plan_after_.rate;
    result_.plan.shapes = plan_after_.shapes;
    arrivals_ = plan_after_.timing.arrivals;
    for (NodeId id = 0; id < before_.nodes.size(); ++id)
      if (diff_.new_of[id] != kNoNode) from_old_[id] = diff_.new_of[id];
    part_feedback();
    find_onsets();
    const auto nodes_after = static_cast<NodeId>(after_.nodes.size());
    for (NodeId id = 0; id < nodes_after; ++id) wire_new(id);
    for (NodeId id = 0; id < before_.nodes.size(); ++id)
      if (diff_.new_of[id] == kNoNode && before_.nodes[id].spec->role == Role::output) fade_out_port(id);
    wire_old();
    return finish();
  }

 private:
  bool kept(NodeId id) const { return result_.old_of[id] != kNoNode; }

  /// A feedback node is no more than its source's line: led elsewhere, it is another.
  void part_feedback() {
    for (NodeId id = 0; id < after_.nodes.size(); ++id) {
      if (!kept(id) || after_.nodes[id].spec->role != Role::feedback) continue;
      const Source &was = before_.nodes[result_.old_of[id]].inputs[0], &is = after_.nodes[id].inputs[0];
      const bool same = diff_.new_of[was.node] == is.node && was.output == is.output && was.lane == is.lane;
      if (same) continue;
      from_old_[result_.old_of[id]] = kNoNode;
      result_.old_of[id] = kNoNode;
    }
  }

  /// By new node: frames until its outputs are what they will be. A new node with latency is silent at first;
  /// so is a delay line that the old plan did not have, or not as long.
  void find_onsets() {
    onsets_.assign(after_.nodes.size(), 0);
    for (const NodeId id : plan_after_.order) {
      if (kept(id)) continue;
      Frames latest = 0;
      for (const Wire& wire : wires_after_[id])
        latest = std::max(latest, wire.closes ? feedback_frames(id) : onset(wire));
      onsets_[id] = latest + plan_after_.shapes[id].latency;
    }
  }
  Frames feedback_frames(NodeId id) const {
    return static_cast<Frames>(std::get<double>(after_.nodes[id].fixed[0]));
  }
  Frames onset(const Wire& wire) const {
    const bool filled =
        kept(wire.from.node) && line_reaches(result_.old_of[wire.from.node], wire.from.output, wire.delay);
    return onsets_[wire.from.node] + (filled ? 0 : wire.delay);
  }
  bool line_reaches(NodeId old_node, unsigned output, Frames delay) const {
    if (delay == 0) return true;
    return std::ranges::any_of(plan_before_.lines, [&](const LinePlan& line) {
      return line.node == old_node && line.output == output && line.longest >= delay;
    });
  }

  /// The node of the transition that goes on with an old one; those that are gone are taken in when needed.
  NodeId from_old(NodeId old_node) {
    NodeId& id = from_old_[old_node];
    if (id != kNoNode) return id;
    id = add(before_.nodes[old_node], plan_before_.shapes[old_node], plan_before_.timing.arrivals[old_node],
             old_node);
    open_.push_back(old_node);
    return id;
  }

  NodeId add(const PatchNode& node, const Shape& shape, Arrival arrival, NodeId old_node) {
    result_.patch.nodes.push_back(node);
    result_.plan.shapes.push_back(shape);
    result_.old_of.push_back(old_node);
    arrivals_.push_back(arrival);
    return static_cast<NodeId>(result_.patch.nodes.size() - 1);
  }

  Tap mapped(Tap tap) {
    if (tap.from.node != kNoNode) tap.from.node = from_old(tap.from.node);
    return tap;
  }

  unsigned lanes(const Tap& tap) const {
    if (tap.from.node == kNoNode || tap.from.lane >= 0) return 1;
    return result_.plan.shapes[tap.from.node].lanes;
  }

  void wire(const Tap& tap, NodeId to, bool to_param, unsigned index, bool closes = false) {
    if (tap.from.node == kNoNode) return;
    wires_.push_back({.from = tap.from,
                      .to = to,
                      .to_param = to_param,
                      .index = index,
                      .closes = closes,
                      .delay = closes ? 0 : tap.delay});
  }

  /// A fade from one tap to another, as a tap.
  Tap fade(const Tap& from, const Tap& to, Frames wait, Arrival arrival) {
    PatchNode node = blank(fade_spec);
    const auto frames = static_cast<Frames>(kFadeSeconds * plan_after_.rate + 0.5);
    node.fixed[kFadeFrames] = static_cast<double>(frames);
    node.fixed[kFadeWait] = static_cast<double>(wait);
    const unsigned width = std::max(lanes(from), lanes(to));
    const NodeId id = add(node, {.lanes = width, .in_lanes = {lanes(from), lanes(to)}}, arrival, kNoNode);
    wire(from, id, false, 0);
    wire(to, id, false, 1);
    result_.length = std::max(result_.length, wait + frames);
    return {{.node = id}, 0};
  }

  /// What holds a number, as a tap: a parameter that was or becomes one.
  Tap held(double number) {
    static const Spec& constant = *find_kind("constant");
    PatchNode node = blank(constant);
    node.params[0] = number;
    return {{.node = add(node, {.lanes = 1, .param_lanes = {1}}, {}, kNoNode)}, 0};
  }

  bool makes_sound_itself(NodeId id) const {
    return std::ranges::none_of(after_.nodes[id].inputs,
                                [](const Source& source) { return source.node != kNoNode; });
  }

  void wire_new(NodeId id) {
    const PatchNode& node = after_.nodes[id];
    const std::size_t inputs = node.inputs.size();
    const auto is = taps_of(node, wires_after_[id]);
    if (node.spec->role == Role::feedback) {
      if (is[0]) wire(*is[0], id, false, 0, true);
      return;
    }
    std::vector<std::optional<Tap>> was;
    if (kept(id)) was = taps_of(before_.nodes[result_.old_of[id]], wires_before_[result_.old_of[id]]);
    for (std::size_t i = 0; i < is.size(); ++i) {
      const bool to_param = i >= inputs;
      const auto index = static_cast<unsigned>(to_param ? i - inputs : i);
      Frames wait = 0;
      if (is[i] && is[i]->from.node != kNoNode) wait = onset({.from = is[i]->from, .delay = is[i]->delay});
      if (kept(id)) {
        const PatchNode& old = before_.nodes[result_.old_of[id]];
        if (!is[i] && !was[i]) continue;  // a number stays a number: the engine ramps it
        const Tap to = is[i] ? *is[i] : held(std::get<double>(node.params[index]));
        const Tap from = was[i] ? mapped(*was[i]) : held(std::get<double>(old.params[index]));
        wire(from == to ? to : fade(from, to, wait, arrivals_[id]), id, to_param, index);
        continue;
      }
      if (!is[i]) continue;
      // Into a new node sound comes in slowly, so that no echo of its beginning can click. What controls it
      // is there at once.
      const bool ramps =
          !to_param && is[i]->from.node != kNoNode &&
          (kept(is[i]->from.node) || makes_sound_itself(is[i]->from.node) || node.spec->role == Role::output);
      wire(ramps ? fade({}, *is[i], wait, arrivals_[id]) : *is[i], id, to_param, index);
    }
  }

  void fade_out_port(NodeId old_node) {
    const NodeId id = from_old(old_node);
    open_.pop_back();  // its wire is not as it was
    for (const Wire& old : wires_before_[old_node])
      wire(fade(mapped({old.from, old.delay}), {}, 0, arrivals_[id]), id, false, old.index);
  }

  /// Old nodes that are still heard go on hearing what they heard.
  void wire_old() {
    while (!open_.empty()) {
      const NodeId old_node = open_.back();
      open_.pop_back();
      const NodeId id = from_old_[old_node];
      for (const Wire& old : wires_before_[old_node])
        wire(mapped({old.from, old.delay}), id, old.to_param, old.index, old.closes);
    }
  }

  std::optional<Transition> finish() {
    Plan& plan = result_.plan;
    std::ranges::stable_sort(wires_, {}, &Wire::to);
    for (PatchNode& node : result_.patch.nodes) {
      std::ranges::fill(node.inputs, Source{});
      for (Setting& setting : node.params)
        if (std::holds_alternative<Source>(setting)) setting = 0.0;
    }
    for (const Wire& one : wires_) {
      PatchNode& node = result_.patch.nodes[one.to];
      if (one.to_param) {
        node.params[one.index] = one.from;
      } else {
        node.inputs[one.index] = one.from;
      }
    }
    plan.wires = std::move(wires_);
    plan.timing = {.arrivals = std::move(arrivals_), .latency = plan_after_.timing.latency};
    std::vector<Mistake> cycles;
    plan.order = order_of(result_.patch, plan.wires, cycles);
    if (!cycles.empty()) return std::nullopt;
    lay_out(result_.patch, plan);
    return std::move(result_);
  }

  const Patch &before_, &after_;
  const Plan &plan_before_, &plan_after_;
  const Diff& diff_;
  WiresTo wires_before_, wires_after_;
  Transition result_;
  std::vector<NodeId> from_old_;  ///< by old node
  std::vector<NodeId> open_;      ///< old nodes taken in, not yet wired
  std::vector<Arrival> arrivals_;
  std::vector<Frames> onsets_;
  std::vector<Wire> wires_;
};

}  // namespace

std::optional<Transition> transition(const Patch& before, const Plan& plan_before, const Patch& after,
                                     const Plan& plan_after, const Diff& diff) {
  return Union(before, plan_before, after, plan_after, diff).run();
}

Parted part_ways(const Patch& before, const Plan& plan_before, const Patch& after, const Diff& diff) {
  Parted parted{before, plan_before};
  Plan& plan = parted.plan;
  std::erase_if(plan.wires, [&](const Wire& wire) {
    const NodeId to = diff.new_of[wire.to];
    if (wire.closes || to == kNoNode) return false;
    const PatchNode& node = after.nodes[to];
    const auto* now =
        wire.to_param ? std::get_if<Source>(&node.params[wire.index]) : &node.inputs[wire.index];
    const bool same = now != nullptr && now->node != kNoNode && diff.new_of[wire.from.node] == now->node &&
                      wire.from.output == now->output && wire.from.lane == now->lane;
    if (same) return false;
    PatchNode& end = parted.patch.nodes[wire.to];
    if (wire.to_param) {
      const double initial = node.spec->params[wire.index].initial;
      end.params[wire.index] = std::isnan(initial) ? 0 : initial;
    } else {
      end.inputs[wire.index] = {};
    }
    return true;
  });
  plan.steps.clear();
  plan.lines.clear();
  std::vector<Mistake> none;
  plan.order = order_of(parted.patch, plan.wires, none);
  lay_out(parted.patch, plan);
  return parted;
}

}  // namespace perigee
