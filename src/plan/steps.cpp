// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/steps.h"

#include "plan/banks.h"
#include "plan/kinship.h"
#include "plan/slots.h"

namespace perigee {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
/// Fewer inputs are not worth a step of their own.
constexpr std::size_t kLeastPart = 8;

/// A signal while steps are laid out: first by number, then by place.
struct Value {
  std::uint32_t lanes = 1;
  bool still = false;
  std::uint32_t last_reader = 0;  ///< step
  std::uint32_t last_uses = 0;    ///< by that step
  std::uint32_t slot = kNone;
};

/// A use of a value by a step; becomes a Bundle once the value has its place.
struct Use {
  std::uint32_t value = kNone;
  std::uint32_t lane = 0;
  std::uint32_t lanes = 0;
};

/// What one node or line does in a step.
struct Part {
  Step step;
  std::vector<Use> in, params, out;
};

/// A step: one part, or the members of a bank.
using Draft = std::vector<Part>;

class Layout {
 public:
  Layout(const Patch& patch, Plan& plan, unsigned bank_lanes)
      : patch_(patch),
        plan_(plan),
        bank_lanes_(bank_lanes),
        wires_to_(plan.wires, patch.nodes.size()),
        kinship_(wires_to_, patch.nodes.size()),
        outputs_(patch.nodes.size()),
        sums_of_(patch.nodes.size()),
        added_(patch.nodes.size()) {
    for (NodeId id = 0; id < patch.nodes.size(); ++id) {
      outputs_[id].assign(patch.nodes[id].spec->out.size(), kNone);
      line_of_.emplace_back(patch.nodes[id].spec->out.size(), kNone);
    }
  }

  void run() {
    find_lines();
    for (const Wire& wire : plan_.wires)
      if (patch_.nodes[wire.to].spec->by_parts) sums_of_[wire.from.node].push_back(wire.to);
    drafts_.reserve(patch_.nodes.size() * 2);
    for (const Group& group : banks_of(patch_, plan_, bank_lanes_)) draft_group(group);
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
    Part part{.step = {.op = Step::Op::read_line,
                       .hold = hold,
                       .node = source.node,
                       .line = line_of_[source.node][source.output],
                       .lane = static_cast<std::uint32_t>(std::max(source.lane, 0)),
                       .delay = delay}};
    part.out.push_back({value, 0, lanes});
    drafts_.push_back({std::move(part)});
    return value;
  }

  Use use(const Wire& wire) {
    if (wire.delay > 0) return {draft_read(wire.from, wire.delay, wire.to_param), 0, lanes_of(wire.from)};
    const std::uint32_t lane = static_cast<std::uint32_t>(std::max(wire.from.lane, 0));
    return {outputs_[wire.from.node][wire.from.output], lane, lanes_of(wire.from)};
  }

  /// The delayed wires that its nodes read, the nodes, and the lines that they write.
  void draft_group(const Group& group) {
    Draft draft;
    for (const NodeId id : group) {
      const PatchNode& node = patch_.nodes[id];
      if (node.spec->role == Role::feedback)
        outputs_[id][0] = draft_read(node.inputs[0], feedback_delay(id), false);
      else
        draft.push_back(part_of(id));
    }
    if (!draft.empty()) drafts_.push_back(std::move(draft));
    for (const NodeId id : group) draft_lines(id);
    for (const NodeId id : group)
      for (const NodeId sum : sums_of_[id]) draft_sum(sum);
  }

  /// Adds what is there of a sum's inputs, in their order, while it is warm.
  void draft_sum(NodeId id) {
    const auto wires = wires_to_[id].subspan(added_[id]);
    const auto ready = [this](const Wire& wire) {
      return outputs_[wire.from.node][wire.from.output] != kNone;
    };
    const auto count = static_cast<std::size_t>(std::ranges::find_if_not(wires, ready) - wires.begin());
    if (count < kLeastPart) return;
    Part part{.step = {.op = Step::Op::add, .node = id}};
    for (const Wire& wire : wires.first(count)) part.in.push_back(use(wire));
    drafts_.push_back({std::move(part)});
    added_[id] += count;
  }

  void draft_lines(NodeId id) {
    for (unsigned output = 0; output < outputs_[id].size(); ++output) {
      if (line_of_[id][output] == kNone) continue;
      Part part{.step = {.op = Step::Op::write_line, .node = id, .line = line_of_[id][output]}};
      part.in.push_back({outputs_[id][output], 0, plan_.shapes[id].lanes});
      drafts_.push_back({std::move(part)});
    }
  }

  static Step::Op op_of(const Spec& spec) {
    if (spec.role == Role::input) return Step::Op::read_port;
    if (spec.role == Role::output) return Step::Op::write_port;
    return spec.still ? Step::Op::hold : Step::Op::process;
  }

  Part part_of(NodeId id) {
    const PatchNode& node = patch_.nodes[id];
    Part part;
    part.step.node = id;
    part.step.op = op_of(*node.spec);
    part.step.related = node.spec->kinship && kinship_.related_inputs(id);
    part.in.resize(node.inputs.size() - added_[id]);
    part.params.resize(node.params.size());
    for (const Wire& wire : wires_to_[id].subspan(added_[id]))
      (wire.to_param ? part.params[wire.index] : part.in[wire.index - added_[id]]) = use(wire);
    for (auto& value : outputs_[id]) {
      value = new_value(plan_.shapes[id].lanes, node.spec->still);
      part.out.push_back({value, 0, plan_.shapes[id].lanes});
    }
    return part;
  }

  /// A node writes over its first input where it may and nobody else needs it.
  bool in_place(const Part& part, std::uint32_t step) const {
    if (part.step.op != Step::Op::process || !patch_.nodes[part.step.node].spec->in_place) return false;
    if (part.in.empty()) return false;
    const Use& first = part.in[0];
    if (first.value == kNone || values_[first.value].still) return false;
    const Value& value = values_[first.value];
    return value.last_reader == step && value.last_uses == 1 && value.lanes == first.lanes &&
           first.lanes == part.out[0].lanes;
  }

  Bundle bundle(const Use& use) const {
    if (use.value == kNone) return {};
    return {values_[use.value].slot + use.lane, use.lanes, values_[use.value].still};
  }

  void find_last_readers() {
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      for (const Part& part : drafts_[i]) {
        for (const Use& one : part.out) values_[one.value].last_reader = i;
        for (const auto* uses : {&part.in, &part.params}) {
          for (const Use& one : *uses) {
            if (one.value == kNone) continue;
            Value& value = values_[one.value];
            value.last_uses = value.last_reader == i ? value.last_uses + 1 : 1;
            value.last_reader = i;
          }
        }
      }
    }
  }

  void place_outputs(Part& part, std::uint32_t step) {
    for (std::size_t k = 0; k < part.out.size(); ++k) {
      Value& value = values_[part.out[k].value];
      if (k == 0 && in_place(part, step)) {
        value.slot = values_[part.in[0].value].slot;
        values_[part.in[0].value].slot = kNone;  // the memory lives on as the output's
      } else {
        value.slot = value.still ? slots_.take_for_good(value.lanes) : slots_.take(value.lanes);
      }
      part.step.out.push_back(bundle(part.out[k]));
    }
  }

  void give_back(const Part& part, std::uint32_t step) {
    for (const auto* uses : {&part.in, &part.params, &part.out}) {
      for (const Use& one : *uses) {
        if (one.value == kNone || values_[one.value].last_reader != step) continue;
        Value& value = values_[one.value];
        if (value.slot == kNone || value.still) continue;
        slots_.give_back(value.slot, value.lanes);
        value.slot = kNone;
      }
    }
  }

  void place() {
    find_last_readers();
    plan_.steps.reserve(drafts_.size());
    for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
      for (Part& part : drafts_[i]) {
        for (const Use& one : part.in) part.step.in.push_back(bundle(one));
        for (const Use& one : part.params) part.step.params.push_back(bundle(one));
      }
      for (Part& part : drafts_[i]) place_outputs(part, i);
      for (const Part& part : drafts_[i]) give_back(part, i);
      plan_.steps.push_back(step_of(drafts_[i]));
    }
    plan_.slots = slots_.size();
  }

  Step step_of(Draft& draft) const {
    const Step& first = draft.front().step;
    if (bank_lanes_ == 0 || first.op != Step::Op::process || patch_.nodes[first.node].spec->bank == nullptr)
      return std::move(draft.front().step);
    Step bank{.op = Step::Op::bank, .node = first.node};
    for (Part& part : draft) bank.members.push_back(std::move(part.step));
    return bank;
  }

  const Patch& patch_;
  Plan& plan_;
  unsigned bank_lanes_;
  WiresTo wires_to_;
  Kinship kinship_;
  std::vector<std::vector<std::uint32_t>> outputs_;  ///< by node and output: its value
  std::vector<std::vector<std::uint32_t>> line_of_;  ///< by node and output
  std::vector<std::vector<NodeId>> sums_of_;         ///< by node: who takes its outputs in parts
  std::vector<std::size_t> added_;                   ///< by node: how many of its inputs
  std::vector<Value> values_;
  std::vector<Draft> drafts_;
  Slots slots_;
};

}  // namespace

void lay_out(const Patch& patch, Plan& plan, unsigned bank_lanes) { Layout(patch, plan, bank_lanes).run(); }

}  // namespace perigee
