// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/steps.h"

#include "plan/banks.h"
#include "plan/kinship.h"
#include "plan/placement.h"

namespace perigee {

namespace {

/// Fewer inputs are not worth a step of their own.
constexpr std::size_t kLeastPart = 8;

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
      outputs_[id].assign(patch.nodes[id].spec->out.size(), kNoValue);
      line_of_.emplace_back(patch.nodes[id].spec->out.size(), kNoValue);
    }
  }

  void run() {
    find_lines();
    for (const Wire& wire : plan_.wires)
      if (patch_.nodes[wire.to].spec->by_parts) sums_of_[wire.from.node].push_back(wire.to);
    drafts_.reserve(patch_.nodes.size() * 2);
    for (const Group& group : banks_of(patch_, plan_, bank_lanes_)) draft_group(group);
    plan_.slots = place(patch_, values_, drafts_);
    plan_.steps.reserve(drafts_.size());
    for (Draft& draft : drafts_) plan_.steps.push_back(step_of(draft));
  }

 private:
  /// Every source that a delayed wire or a feedback node hears.
  void find_lines() {
    for (const Wire& wire : plan_.wires) {
      const Frames delay = wire.closes ? feedback_delay(wire.to) : wire.delay;
      if (delay == 0) continue;
      auto& index = line_of_[wire.from.node][wire.from.output];
      if (index == kNoValue) {
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
      return outputs_[wire.from.node][wire.from.output] != kNoValue;
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
      if (line_of_[id][output] == kNoValue) continue;
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
  std::vector<Passed> values_;
  std::vector<Draft> drafts_;
};

}  // namespace

void lay_out(const Patch& patch, Plan& plan, unsigned bank_lanes) { Layout(patch, plan, bank_lanes).run(); }

}  // namespace perigee
