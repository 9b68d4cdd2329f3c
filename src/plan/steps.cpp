// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/steps.h"

#include "plan/kinship.h"
#include "plan/slots.h"

namespace perigee {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// A signal while steps are laid out: first by number, then by place.
struct Value {
  std::uint32_t lanes = 1;
  bool still = false;
  std::uint32_t last_reader = 0;  ///< step
  std::uint32_t slot = kNone;
};

/// A use of a value by a step; becomes a Bundle once the value has its place.
struct Use {
  std::uint32_t value = kNone;
  std::uint32_t lane = 0;
  std::uint32_t lanes = 0;
};

struct Draft {
  Step step;
  std::vector<Use> in, params, out;
};

class Layout {
 public:
  Layout(const Patch& patch, Plan& plan)
      : patch_(patch),
        plan_(plan),
        wires_to_(plan.wires, patch.nodes.size()),
        kinship_(wires_to_, patch.nodes.size()),
        outputs_(patch.nodes.size()) {
    for (NodeId id = 0; id < patch.nodes.size(); ++id) {
      outputs_[id].assign(patch.nodes[id].spec->out.size(), kNone);
      line_of_.emplace_back(patch.nodes[id].spec->out.size(), kNone);
    }
  }

  void run() {
    find_lines();
    drafts_.reserve(patch_.nodes.size() * 2);
    for (const NodeId id : plan_.order) draft_node(id);
    place();
  }

 private:
  /// Every source that a delayed wire or a feedback node hears.
  void find_lines() {
    for (const Wire& wire : plan_.wires) {
      const Frames delay = wire.closes ? feedback_delay(wire.to) : wire.delay;
      if (delay == 0) continue;
      auto& index = line_of_[wire.from.node][wire.from.output];
      if (index == kNone) {
        index = static_cast<std::uint32_t>(plan_.lines.size());
        plan_.lines.push_back({wire.from.node, wire.from.output, plan_.shapes[wire.from.node].lanes, 0});
      }
      plan_.lines[index].longest = std::max(plan_.lines[index].longest, delay);
    }
  }

  Frames feedback_delay(NodeId id) const {
    return static_cast<Frames>(std::get<double>(patch_.nodes[id].fixed[0]));
  }

  std::uint32_t new_value(std::uint32_t lanes, bool still = false) {
    values_.push_back({.lanes = lanes, .still = still});
    return static_cast<std::uint32_t>(values_.size() - 1);
  }

  std::uint32_t lanes_of(const Source& source) const {
    return source.lane >= 0 ? 1 : plan_.shapes[source.node].lanes;
  }

  /// A step that reads a line into a value of its own.
  std::uint32_t draft_read(const Source& source, Frames delay, bool hold) {
    const std::uint32_t lanes = lanes_of(source), value = new_value(lanes);
    Draft draft{.step = {.op = Step::Op::read_line,
                         .hold = hold,
                         .node = source.node,
                         .line = line_of_[source.node][source.output],
                         .lane = static_cast<std::uint32_t>(std::max(source.lane, 0)),
                         .delay = delay}};
    draft.out.push_back({value, 0, lanes});
    drafts_.push_back(std::move(draft));
    return value;
  }

  Use use(const Wire& wire) {
    if (wire.delay > 0) return {draft_read(wire.from, wire.delay, wire.to_param), 0, lanes_of(wire.from)};
    const std::uint32_t lane = static_cast<std::uint32_t>(std::max(wire.from.lane, 0));
    return {outputs_[wire.from.node][wire.from.output], lane, lanes_of(wire.from)};
  }

  void draft_node(NodeId id) {
    const PatchNode& node = patch_.nodes[id];
    if (node.spec->role == Role::feedback) {
      outputs_[id][0] = draft_read(node.inputs[0], feedback_delay(id), false);
    } else {
      draft_step(id);
    }
    for (unsigned output = 0; output < outputs_[id].size(); ++output) {
      if (line_of_[id][output] == kNone) continue;
      Draft draft{.step = {.op = Step::Op::write_line, .node = id, .line = line_of_[id][output]}};
      draft.in.push_back({outputs_[id][output], 0, plan_.shapes[id].lanes});
      drafts_.push_back(std::move(draft));
    }
  }

  void draft_step(NodeId id) {
    const PatchNode& node = patch_.nodes[id];
    Draft draft;
    draft.step.node = id;
    draft.step.op = node.spec->role == Role::input    ? Step::Op::read_port
                    : node.spec->role == Role::output ? Step::Op::write_port
                                                      : Step::Op::process;
    draft.step.related = node.spec->kinship && kinship_.related_inputs(id);
    draft.in.resize(node.inputs.size());
    draft.params.resize(node.params.size());
    for (const Wire& wire : wires_to_[id]) (wire.to_param ? draft.params : draft.in)[wire.index] = use(wire);
    for (auto& value : outputs_[id]) {
      value = new_value(plan_.shapes[id].lanes, node.spec->still);
      draft.out.push_back({value, 0, plan_.shapes[id].lanes});
    }
    drafts_.push_back(std::move(draft));
  }

  /// A node writes over its first input where it may and nobody else needs it.
  bool in_place(const Draft& draft, std::uint32_t step) const {
    if (draft.step.op != Step::Op::process || !patch_.nodes[draft.step.node].spec->in_place) return false;
    const Use& first = draft.in[0];
    if (first.value == kNone || values_[first.value].still) return false;
    const Value& value = values_[first.value];
    if (value.last_reader != step || value.lanes != first.lanes || first.lanes != draft.out[0].lanes)
      return false;
    for (std::size_t i = 1; i < draft.in.size(); ++i)
      if (draft.in[i].value == first.value) return false;
    return std::ranges::none_of(draft.params, [&](const Use& param) { return param.value == first.value; });
  }

  Bundle bundle(const Use& use) const {
    if (use.value == kNone) return {};
    return {values_[use.value].slot + use.lane, use.lanes, values_[use.value].still};
  }

  void place() {
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      for (const Use& one : drafts_[i].out) values_[one.value].last_reader = i;
      for (const auto* uses : {&drafts_[i].in, &drafts_[i].params})
        for (const Use& one : *uses)
          if (one.value != kNone) values_[one.value].last_reader = i;
    }
    Slots slots;
    plan_.steps.reserve(drafts_.size());
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      Draft& draft = drafts_[i];
      for (const Use& one : draft.in) draft.step.in.push_back(bundle(one));
      for (const Use& one : draft.params) draft.step.params.push_back(bundle(one));
      for (std::size_t k = 0; k < draft.out.size(); ++k) {
        Value& value = values_[draft.out[k].value];
        if (k == 0 && in_place(draft, i)) {
          value.slot = values_[draft.in[0].value].slot;
          values_[draft.in[0].value].slot = kNone;  // the memory lives on as the output's
        } else {
          value.slot = slots.take(value.lanes);
        }
        draft.step.out.push_back(bundle(draft.out[k]));
      }
      for (const auto* uses : {&draft.in, &draft.params, &draft.out}) {
        for (const Use& one : *uses) {
          if (one.value == kNone || values_[one.value].last_reader != i) continue;
          Value& value = values_[one.value];
          if (value.slot == kNone) continue;
          slots.give_back(value.slot, value.lanes);
          value.slot = kNone;
        }
      }
      plan_.steps.push_back(std::move(draft.step));
    }
    plan_.slots = slots.size();
  }

  const Patch& patch_;
  Plan& plan_;
  WiresTo wires_to_;
  Kinship kinship_;
  std::vector<std::vector<std::uint32_t>> outputs_;  ///< by node and output: its value
  std::vector<std::vector<std::uint32_t>> line_of_;  ///< by node and output
  std::vector<Value> values_;
  std::vector<Draft> drafts_;
};

}  // namespace

void lay_out(const Patch& patch, Plan& plan) { Layout(patch, plan).run(); }

}  // namespace perigee
