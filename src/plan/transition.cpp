// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/transition.h"

#include <algorithm>
#include <set>

#include "node/fade.h"
#include "node/registry.h"
#include "plan/kinship.h"
#include "plan/order.h"
#include "plan/stated_fade.h"
#include "plan/steps.h"

namespace perigee {

namespace {

/// An end of a wire: an input of a node, or a parameter.
struct End {
  NodeId node;
  bool is_param;
  unsigned index;
};

class Union {
 public:
  Union(const Departure& before, const Patch& after, const Plan& plan_after, Diff diff)
      : before_(before),
        after_(after),
        plan_after_(plan_after),
        diff_(std::move(diff)),
        wires_before_(before.plan.wires, before.patch.nodes.size()),
        wires_after_(plan_after.wires, after.nodes.size()),
        fade_at_(before.patch.nodes.size()),
        old_of_(result_.old_of),
        onset_(before.plan, before.onsets, before.elapsed, old_of_) {
    diff_.new_of.resize(before.patch.nodes.size(), kNoNode);
    for (const Fade& fade : before.fades) fade_at_[fade.node] = &fade;
  }

  std::optional<Transition> run() {
    meet_again();
    result_.patch = {.nodes = after_.nodes, .folder = after_.folder, .tempo = after_.tempo};
    old_of_ = diff_.old_of;
    from_old_ = diff_.new_of;
    result_.plan.rate = plan_after_.rate;
    result_.plan.shapes = plan_after_.shapes;
    arrivals_ = plan_after_.timing.arrivals;
    part_feedback();
    stated_before_ = stated_fades(before_.patch, before_.plan, diff_.new_of);
    stated_after_ = stated_fades(after_, plan_after_, diff_.old_of);
    onset_.add(after_, plan_after_);
    const auto nodes_after = static_cast<NodeId>(after_.nodes.size());
    for (NodeId id = 0; id < nodes_after; ++id) wire_new(id);
    for (NodeId id = 0; id < before_.patch.nodes.size(); ++id)
      if (diff_.new_of[id] == kNoNode && before_.patch.nodes[id].spec->role == Role::output)
        fade_out_port(id);
    wire_old();
    return finish();
  }

 private:
  bool kept(NodeId id) const { return old_of_[id] != kNoNode; }
  const PatchNode& node_before(NodeId old_node) const { return before_.patch.nodes[old_node]; }

  /// A port that the edit before took away and that is still fading is the one that comes back.
  void meet_again() {
    for (NodeId old_node = 0; old_node < before_.patch.nodes.size(); ++old_node) {
      const PatchNode& was = node_before(old_node);
      if (diff_.new_of[old_node] != kNoNode || was.spec->role != Role::output) continue;
      for (NodeId id = 0; id < after_.nodes.size(); ++id) {
        if (diff_.old_of[id] != kNoNode || after_.nodes[id].spec != was.spec ||
            after_.nodes[id].fixed[0] != was.fixed[0] ||
            before_.plan.shapes[old_node].in_lanes != plan_after_.shapes[id].in_lanes)
          continue;
        diff_.old_of[id] = old_node;
        diff_.new_of[old_node] = id;
        break;
      }
    }
  }

  /// A feedback node is no more than its source's line: led elsewhere, it is another.
  void part_feedback() {
    for (NodeId id = 0; id < after_.nodes.size(); ++id) {
      if (!kept(id) || after_.nodes[id].spec->role != Role::feedback) continue;
      const Source &was = node_before(old_of_[id]).inputs[0], &is = after_.nodes[id].inputs[0];
      const bool same = diff_.new_of[was.node] == is.node && was.output == is.output && was.lane == is.lane;
      if (same) continue;
      from_old_[old_of_[id]] = kNoNode;
      old_of_[id] = kNoNode;
    }
  }

  /// The node of the transition that goes on with an old one; those that are gone are taken in when needed.
  NodeId from_old(NodeId old_node) {
    NodeId& id = from_old_[old_node];
    if (id != kNoNode) return id;
    id = add(node_before(old_node), before_.plan.shapes[old_node], before_.plan.timing.arrivals[old_node],
             old_node);
    open_.push_back(old_node);
    return id;
  }

  NodeId add(const PatchNode& node, const Shape& shape, Arrival arrival, NodeId old_node) {
    result_.patch.nodes.push_back(node);
    result_.plan.shapes.push_back(shape);
    old_of_.push_back(old_node);
    onset_.add(old_node);
    arrivals_.push_back(arrival);
    return static_cast<NodeId>(result_.patch.nodes.size() - 1);
  }

  /// An old tap, past the fades that are over.
  Tap settled(Tap old_tap) const {
    while (const Fade* fade = fade_of(old_tap)) {
      if (fade->end > before_.elapsed) break;
      old_tap = fade->to;
    }
    return old_tap;
  }
  const Fade* fade_of(const Tap& old_tap) const {
    return old_tap.silent() ? nullptr : fade_at_[old_tap.from.node];
  }

  Tap mapped(Tap old_tap) {
    if (!old_tap.silent()) old_tap.from.node = from_old(old_tap.from.node);
    return old_tap;
  }

  /// Whether an old tap is this one.
  bool same(const Tap& old_tap, const Tap& tap) const {
    if (old_tap.silent() || tap.silent()) return old_tap.silent() && tap.silent();
    Tap moved = old_tap;
    moved.from.node = from_old_[old_tap.from.node];
    return moved == tap;
  }

  unsigned lanes(const Tap& tap) const {
    if (tap.silent() || tap.from.lane >= 0) return 1;
    return result_.plan.shapes[tap.from.node].lanes;
  }

  void wire(const Tap& tap, const End& end, bool closes = false) {
    if (tap.silent()) return;
    wires_.push_back({.from = tap.from,
                      .to = end.node,
                      .to_param = end.is_param,
                      .index = end.index,
                      .closes = closes,
                      .delay = closes ? 0 : tap.delay});
  }

  /// A fade from one tap to another, at the end of a wire.
  void fade(const Tap& from, const Tap& to, const End& end, double seconds) {
    const auto frames = std::max<Frames>(1, static_cast<Frames>(seconds * plan_after_.rate + 0.5));
    const Frames wait = onset_.wait(to);
    PatchNode node = blank(fade_spec);
    node.fixed[kFadeFrames] = static_cast<double>(frames);
    node.fixed[kFadeWait] = static_cast<double>(wait);
    node.fixed[kFadeLinear] = end.is_param ? 1.0 : 0.0;
    const unsigned width = std::max(lanes(from), lanes(to));
    const NodeId id =
        add(node, {.lanes = width, .in_lanes = {lanes(from), lanes(to)}}, arrivals_[end.node], kNoNode);
    wire(from, {id, false, 0});
    wire(to, {id, false, 1});
    wire({{.node = id}, 0}, end);
    result_.fades.push_back({.node = id, .to = to, .end = wait + frames});
  }

  /// A fade of the edit before, whose end is still wanted.
  void go_on(const Fade& old_fade, const Tap& to, const End& end) {
    const NodeId id = from_old(old_fade.node);
    wire({{.node = id}, 0}, end);
    result_.fades.push_back({.node = id, .to = to, .end = old_fade.end - before_.elapsed});
    went_on_.insert(old_fade.node);
  }

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
    if (same(was, is)) {
      wire(is, end);
      return;
    }
    const Fade* under_way = fade_of(was);
    if (under_way != nullptr && same(under_way->to, is)) {
      go_on(*under_way, is, end);
      return;
    }
    const bool only_later = !was.silent() && !is.silent() && from_old_[was.from.node] == is.from.node;
    auto seconds = only_later ? std::nullopt : longest(stated_before(was), stated_after(is));
    if (!only_later && !was.silent() && diff_.new_of[was.from.node] != kNoNode)
      seconds = longest(seconds, stated_after({.from = {.node = diff_.new_of[was.from.node]}}));
    fade(mapped(was), is, end, seconds.value_or(kFadeSeconds));
  }

  /// What holds a number, as a tap: a parameter that is a number on the other side of the edit.
  Tap held(double number) {
    PatchNode node = blank(constant());
    node.params[0] = number;
    return {{.node = add(node, {.lanes = 1, .param_lanes = {1}}, {}, kNoNode)}, 0};
  }
  static const Spec& constant() {
    static const Spec& spec = *find_kind("constant");
    return spec;
  }
  /// The number that a fade of the edit before leads to, if it does.
  const double* held_by(const Tap& old_tap) const {
    if (old_tap.silent() || diff_.new_of[old_tap.from.node] != kNoNode) return nullptr;
    const PatchNode& node = node_before(old_tap.from.node);
    return node.spec == &constant() ? std::get_if<double>(&node.params[0]) : nullptr;
  }

  void lead_param(NodeId id, unsigned index, const std::optional<Tap>& before, const std::optional<Tap>& is) {
    const End end{id, true, index};
    const NodeId old_node = old_of_[id];
    std::optional<Tap> was;
    if (before) was = settled(*before);
    if (is) {
      if (was) {
        lead(*was, *is, end);
        return;
      }
      const Tap from = held(std::get<double>(node_before(old_node).params[index]));
      result_.held.push_back({.constant = from.from.node, .node = id, .param = index});
      fade(from, *is, end, stated_after(*is).value_or(kFadeSeconds));
      return;
    }
    if (!was) return;  // a number stays a number: the engine ramps it
    const double number = std::get<double>(after_.nodes[id].params[index]);
    const Fade* under_way = fade_of(*was);
    if (under_way == nullptr && held_by(*was) != nullptr) return;  // it has become a number
    const double* to = under_way == nullptr ? nullptr : held_by(under_way->to);
    if (to != nullptr && *to == number) {
      go_on(*under_way, mapped(under_way->to), end);
    } else {
      fade(mapped(*was), held(number), end, stated_before(*was).value_or(kFadeSeconds));
    }
  }

  bool makes_sound_itself(NodeId id) const {
    return std::ranges::none_of(after_.nodes[id].inputs,
                                [](const Source& source) { return source.node != kNoNode; });
  }

  /// Into a new node sound comes in slowly, so that no echo of its beginning can click. What controls it is
  /// there at once.
  bool ramps_in(const Tap& tap, NodeId id) const {
    return !tap.silent() && (kept(tap.from.node) || makes_sound_itself(tap.from.node) ||
                             after_.nodes[id].spec->role == Role::output);
  }

  void wire_new(NodeId id) {
    const PatchNode& node = after_.nodes[id];
    const auto inputs = static_cast<unsigned>(node.inputs.size());
    const auto is = taps_of(node, wires_after_[id]);
    if (node.spec->role == Role::feedback) {
      wire(is[0].value_or(Tap{}), {id, false, 0}, true);
      return;
    }
    std::vector<std::optional<Tap>> was;
    if (kept(id)) was = taps_of(node_before(old_of_[id]), wires_before_[old_of_[id]]);
    for (unsigned i = 0; i < is.size(); ++i) {
      const End end{id, i >= inputs, i >= inputs ? i - inputs : i};
      if (kept(id)) {
        if (end.is_param) {
          lead_param(id, end.index, was[i], is[i]);
        } else {
          lead(settled(*was[i]), *is[i], end);
        }
      } else if (is[i] && !end.is_param && ramps_in(*is[i], id)) {
        fade({}, *is[i], end, stated_after(*is[i]).value_or(kFadeSeconds));
      } else if (is[i]) {
        wire(*is[i], end);
      }
    }
  }

  void fade_out_port(NodeId old_node) {
    const auto was = settled(*taps_of(node_before(old_node), wires_before_[old_node])[0]);
    if (was.silent()) return;
    const NodeId id = from_old(old_node);
    open_.pop_back();  // its wire is not as it was
    lead(was, {}, {id, false, 0});
  }

  /// Old nodes that are still heard go on hearing what they heard.
  void wire_old() {
    while (!open_.empty()) {
      const NodeId old_node = open_.back();
      open_.pop_back();
      const NodeId id = from_old_[old_node];
      if (const Fade* fade = fade_at_[old_node]; fade != nullptr && !went_on_.contains(old_node))
        result_.fades.push_back({.node = id,
                                 .to = mapped(settled(fade->to)),
                                 .end = fade->end - before_.elapsed,
                                 .passing = true});
      for (const Wire& old : wires_before_[old_node])
        wire(mapped(settled({old.from, old.delay})), {id, old.to_param, old.index}, old.closes);
    }
  }

  void write_wires_into_nodes() {
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
  }

  /// How a new fade goes is settled once: not even a later edit, which may part or join the ancestors of what
  /// it leads between, changes it half-way.
  void choose_laws() {
    const WiresTo wires(wires_, result_.patch.nodes.size());
    Kinship kinship(wires, result_.patch.nodes.size());
    for (const Fade& fade : result_.fades) {
      Value& linear = result_.patch.nodes[fade.node].fixed[kFadeLinear];
      if (!kept(fade.node) && linear == Value{0.0} && kinship.related_inputs(fade.node)) linear = 1.0;
    }
  }

  std::optional<Transition> finish() {
    Plan& plan = result_.plan;
    std::ranges::stable_sort(wires_, {}, &Wire::to);
    write_wires_into_nodes();
    choose_laws();
    plan.wires = std::move(wires_);
    plan.timing = {.arrivals = std::move(arrivals_), .latency = plan_after_.timing.latency};
    std::vector<Mistake> cycles;
    plan.order = order_of(result_.patch, plan.wires, cycles);
    if (!cycles.empty()) return std::nullopt;
    lay_out(result_.patch, plan);
    result_.onsets = onset_.take(plan);
    for (const Fade& fade : result_.fades)
      if (!fade.passing) result_.length = std::max(result_.length, fade.end);
    return std::move(result_);
  }

  const Departure& before_;
  const Patch& after_;
  const Plan& plan_after_;
  Diff diff_;
  WiresTo wires_before_, wires_after_;
  std::vector<const Fade*> fade_at_;  ///< by old node
  Transition result_;
  std::vector<NodeId>& old_of_;
  OnsetFinder onset_;
  std::vector<NodeId> from_old_;  ///< by old node
  std::vector<NodeId> open_;      ///< old nodes taken in, not yet wired
  std::set<NodeId> went_on_;      ///< old fades whose end is still wanted
  std::vector<Arrival> arrivals_;
  std::vector<std::optional<double>> stated_before_, stated_after_;  ///< seconds, by old and by new node
  std::vector<Wire> wires_;
};

}  // namespace

std::optional<Transition> transition(const Departure& before, const Patch& after, const Plan& plan_after,
                                     Diff diff) {
  return Union(before, after, plan_after, std::move(diff)).run();
}

}  // namespace perigee
