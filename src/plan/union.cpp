// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/union.h"

#include <algorithm>

#include "node/fade.h"
#include "node/registry.h"
#include "plan/kinship.h"
#include "plan/order.h"
#include "plan/steps.h"

namespace perigee {

Union::Union(const Departure& before, const Patch& after, const Plan& plan_after, const Diff& diff)
    : before_(before),
      diff_(diff),
      rate_(plan_after.rate),
      latency_after_(plan_after.timing.latency),
      wires_before_(before.plan.wires, before.patch.nodes.size()),
      fade_at_(before.patch.nodes.size()),
      went_on_(before.patch.nodes.size()),
      result_{.patch = {.nodes = after.nodes,
                        .midi = after.midi,
                        .folder = after.folder,
                        .tempo = after.tempo,
                        .clock = after.clock},
              .plan = {},
              .old_of = diff.old_of,
              .fades = {},
              .held = {},
              .onsets = {}},
      onset_(before.plan, before.onsets, before.elapsed, result_.old_of),
      from_old_(diff.new_of),
      arrivals_(plan_after.timing.arrivals) {
  for (const Fade& fade : before.fades) fade_at_[fade.node] = &fade;
  result_.plan.rate = plan_after.rate;
  result_.plan.threading = plan_after.threading;
  result_.plan.shapes = plan_after.shapes;
  part_feedback();
  onset_.add(after, plan_after);
}

/// A feedback node is no more than its source's line: led elsewhere, it is another.
void Union::part_feedback() {
  const auto& nodes = result_.patch.nodes;
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (!kept(id) || nodes[id].spec->role != Role::feedback) continue;
    const Source &was = before_.patch.nodes[old_of(id)].inputs[0], &is = nodes[id].inputs[0];
    const bool same = diff_.new_of[was.node] == is.node && was.output == is.output && was.lane == is.lane;
    if (same) continue;
    from_old_[old_of(id)] = kNoNode;
    result_.old_of[id] = kNoNode;
  }
}

NodeId Union::from_old(NodeId old_node) {
  NodeId& id = from_old_[old_node];
  if (id != kNoNode) return id;
  id = add(before_.patch.nodes[old_node], before_.plan.shapes[old_node],
           before_.plan.timing.arrivals[old_node], old_node);
  open_.push_back(old_node);
  return id;
}

NodeId Union::port_from_old(NodeId old_node) {
  const NodeId id = from_old(old_node);
  open_.pop_back();
  return id;
}

NodeId Union::add(const PatchNode& node, const Shape& shape, Arrival arrival, NodeId old_node) {
  result_.patch.nodes.push_back(node);
  result_.plan.shapes.push_back(shape);
  result_.old_of.push_back(old_node);
  onset_.add(old_node);
  arrivals_.push_back(arrival);
  return static_cast<NodeId>(result_.patch.nodes.size() - 1);
}

Tap Union::settled(Tap old_tap) const {
  while (const Fade* fade = fade_of(old_tap)) {
    if (fade->end > before_.elapsed) break;
    old_tap = fade->to;
  }
  return old_tap;
}

const Fade* Union::fade_of(const Tap& old_tap) const {
  return old_tap.silent() ? nullptr : fade_at_[old_tap.from.node];
}

Tap Union::mapped(Tap old_tap) {
  if (!old_tap.silent()) old_tap.from.node = from_old(old_tap.from.node);
  return old_tap;
}

bool Union::same(const Tap& old_tap, const Tap& tap) const {
  if (old_tap.silent() || tap.silent()) return old_tap.silent() && tap.silent();
  Tap moved = old_tap;
  moved.from.node = from_old_[old_tap.from.node];
  return moved == tap;
}

bool Union::same_source(const Tap& old_tap, const Tap& tap) const {
  return !old_tap.silent() && !tap.silent() && from_old_[old_tap.from.node] == tap.from.node;
}

unsigned Union::lanes(const Tap& tap) const {
  if (tap.silent() || tap.from.lane >= 0) return 1;
  return result_.plan.shapes[tap.from.node].lanes;
}

void Union::wire(const Tap& tap, const End& end, bool closes) {
  if (tap.silent()) return;
  wires_.push_back({.from = tap.from,
                    .to = end.node,
                    .to_param = end.is_param,
                    .index = end.index,
                    .closes = closes,
                    .delay = closes ? 0 : tap.delay});
}

void Union::fade(const Tap& from, const Tap& to, const End& end, double seconds) {
  const auto frames = std::max<Frames>(1, static_cast<Frames>(seconds * rate_ + 0.5));
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

void Union::go_on(const Fade& old_fade, const Tap& to, const End& end) {
  const NodeId id = from_old(old_fade.node);
  wire({{.node = id}, 0}, end);
  result_.fades.push_back({.node = id, .to = to, .end = old_fade.end - before_.elapsed});
  went_on_[old_fade.node] = true;
}

Tap Union::held(double number, std::optional<End> from) {
  PatchNode node = blank(*find_kind("constant"));
  node.params[0] = number;
  const NodeId id = add(node, {.lanes = 1, .param_lanes = {1}}, {}, kNoNode);
  if (from) result_.held.push_back({.constant = id, .node = from->node, .param = from->index});
  return {{.node = id}, 0};
}

/// Old nodes that are still heard go on hearing what they heard.
void Union::wire_old() {
  while (!open_.empty()) {
    const NodeId old_node = open_.back();
    open_.pop_back();
    const NodeId id = from_old_[old_node];
    if (const Fade* fade = fade_at_[old_node]; fade != nullptr && !went_on_[old_node])
      result_.fades.push_back(
          {.node = id, .to = mapped(settled(fade->to)), .end = fade->end - before_.elapsed, .passing = true});
    for (const Wire& old : wires_before_[old_node])
      wire(mapped(settled({old.from, old.delay})), {id, old.to_param, old.index}, old.closes);
  }
}

void Union::write_wires_into_nodes() {
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
void Union::choose_laws() {
  const WiresTo wires(wires_, result_.patch.nodes.size());
  Kinship kinship(wires, result_.patch.nodes.size());
  for (const Fade& fade : result_.fades) {
    Value& linear = result_.patch.nodes[fade.node].fixed[kFadeLinear];
    if (!kept(fade.node) && linear == Value{0.0} && kinship.related_inputs(fade.node)) linear = 1.0;
  }
}

std::optional<Transition> Union::finish() {
  wire_old();
  Plan& plan = result_.plan;
  std::ranges::stable_sort(wires_, {}, &Wire::to);
  write_wires_into_nodes();
  choose_laws();
  plan.wires = std::move(wires_);
  plan.timing = {.arrivals = std::move(arrivals_), .latency = latency_after_};
  std::vector<Mistake> cycles;
  plan.order = order_of(result_.patch, plan.wires, cycles);
  if (!cycles.empty()) return std::nullopt;
  lay_out(result_.patch, plan);
  result_.onsets = onset_.take(plan);
  for (const Fade& fade : result_.fades)
    if (!fade.passing) result_.length = std::max(result_.length, fade.end);
  return std::move(result_);
}

}  // namespace perigee
