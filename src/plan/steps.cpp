// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/steps.h"

#include <map>
#include <tuple>

#include "plan/banks.h"
#include "plan/kinship.h"
#include "plan/mixdown.h"
#include "plan/placement.h"
#include "plan/sharing.h"

namespace perigee {

namespace {

class Layout {
 public:
  Layout(const Patch& patch, Plan& plan, unsigned bank_lanes, unsigned parting, unsigned threads)
      : patch_(patch),
        plan_(plan),
        bank_lanes_(bank_lanes),
        parting_(parting),
        threads_(threads),
        wires_to_(plan.wires, patch.nodes.size()),
        kinship_(wires_to_, patch.nodes.size()),
        outputs_(patch.nodes.size()),
        sums_(patch.nodes.size()) {
    for (NodeId id = 0; id < patch.nodes.size(); ++id) {
      outputs_[id].assign(patch.nodes[id].spec->out.size(), kNoValue);
      line_of_.emplace_back(patch.nodes[id].spec->out.size(), kNoValue);
    }
  }

  void run() {
    find_lines();
    drafts_.reserve(patch_.nodes.size() * 2);
    const auto parts = bank_lanes_ == 0 ? std::vector<MixPart>() : mix_parts(patch_, plan_, wires_to_);
    for (const Group& group : banks_of(patch_, plan_, parts, bank_lanes_, parting_)) {
      if (group.part == nullptr)
        draft_group(group.nodes, false);
      else
        draft_part(*group.part);
    }
    const auto share_of = share(patch_, plan_, values_, drafts_, threads_);
    plan_.slots = place(patch_, values_, drafts_, share_of);
    plan_.steps.reserve(drafts_.size());
    std::vector<Step> scaling;
    for (StepDraft& draft : drafts_) {
      Step step = step_of(draft);
      if (step.op == Step::Op::mix) step.members = std::exchange(scaling, {});
      (draft.scales ? scaling : plan_.steps).push_back(std::move(step));
    }
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
    drafts_.push_back({.parts = {std::move(part)}});
    return value;
  }

  Use use(const Wire& wire) {
    if (wire.delay > 0) return {draft_read(wire.from, wire.delay, wire.to_param), 0, lanes_of(wire.from)};
    const std::uint32_t lane = static_cast<std::uint32_t>(std::max(wire.from.lane, 0));
    return {outputs_[wire.from.node][wire.from.output], lane, lanes_of(wire.from)};
  }

  /// A signal on its way to a parameter that has bounds. One that never changes is held by who builds the
  /// program.
  Use held(const Use& use, const Wire& wire) {
    const Bounds bounds = bounds_of(patch_.nodes[wire.to], wire.index);
    if (!bounds.limits() || values_[use.value].still) return use;
    const auto [place, is_new] =
        clamped_.try_emplace({use.value, use.lane, use.lanes, bounds.min, bounds.max});
    if (is_new) {
      Part part{.step = {.op = Step::Op::clamp, .node = wire.from.node, .bounds = bounds}};
      part.in.push_back(use);
      part.out.push_back({new_value(use.lanes), 0, use.lanes});
      place->second = part.out[0];
      drafts_.push_back({.parts = {std::move(part)}});
    }
    return place->second;
  }

  /// The delayed wires that its nodes read, the nodes, and the lines that they write.
  void draft_group(const std::vector<NodeId>& group, bool scales) {
    StepDraft draft{.scales = scales};
    for (const NodeId id : group) {
      const PatchNode& node = patch_.nodes[id];
      if (node.spec->role == Role::feedback)
        outputs_[id][0] = draft_read(node.inputs[0], feedback_delay(id), false);
      else
        draft.parts.push_back(part_of(id));
    }
    if (!draft.parts.empty()) drafts_.push_back(std::move(draft));
    for (const NodeId id : group) draft_lines(id);
  }

  /// What scales, in the order of the signal, and the sum of what it makes. Lines are read before all of it:
  /// what scales is not a step by itself.
  void draft_part(const MixPart& mix) {
    Part part{.step = {.op = Step::Op::mix, .node = mix.sum}};
    const auto wires = wires_to_[mix.sum].subspan(mix.first, mix.count);
    part.in.resize(wires.size());
    for (std::size_t i = 0; i < wires.size(); ++i)
      if (mix.scalers[i].empty()) part.in[i] = use(wires[i]);
    std::size_t longest = 0;
    for (const auto& chain : mix.scalers) longest = std::max(longest, chain.size());
    for (std::size_t i = 0; i < longest; ++i) {
      std::vector<NodeId> stage;
      for (const auto& chain : mix.scalers)
        if (i < chain.size()) stage.push_back(chain[i]);
      for (const Group& group : alike(patch_, stage)) draft_group(group.nodes, true);
    }
    for (std::size_t i = 0; i < wires.size(); ++i) {
      const auto& chain = mix.scalers[i];
      if (!chain.empty()) part.in[i] = use(wires[i]);
      part.unscaled.push_back(chain.empty() ? part.in[i] : use(wires_to_[chain.front()][0]));
      part.step.unscaled.push_back({.by = chain});
    }
    // Doubles: two lanes of floats for each.
    const unsigned lanes = 2 * plan_.shapes[mix.sum].lanes;
    part.out.push_back({new_value(lanes), 0, lanes});
    sums_[mix.sum].push_back(part.out[0]);
    drafts_.push_back({.parts = {std::move(part)}});
  }

  void draft_lines(NodeId id) {
    for (unsigned output = 0; output < outputs_[id].size(); ++output) {
      if (line_of_[id][output] == kNoValue) continue;
      Part part{.step = {.op = Step::Op::write_line, .node = id, .line = line_of_[id][output]}};
      part.in.push_back({outputs_[id][output], 0, plan_.shapes[id].lanes});
      drafts_.push_back({.parts = {std::move(part)}});
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
    part.step.op = sums_[id].empty() ? op_of(*node.spec) : Step::Op::total;
    part.step.related = node.spec->kinship && kinship_.related_inputs(id);
    part.params.resize(node.params.size());
    if (part.step.op == Step::Op::total) {
      part.in = sums_[id];
    } else {
      part.in.resize(node.inputs.size());
      for (const Wire& wire : wires_to_[id])
        (wire.to_param ? part.params[wire.index] : part.in[wire.index]) =
            wire.to_param ? held(use(wire), wire) : use(wire);
    }
    for (auto& value : outputs_[id]) {
      value = new_value(plan_.shapes[id].lanes, node.spec->still);
      part.out.push_back({value, 0, plan_.shapes[id].lanes});
    }
    return part;
  }

  Step step_of(StepDraft& draft) const {
    const Step& first = draft.parts.front().step;
    if (bank_lanes_ == 0 || first.op != Step::Op::process || patch_.nodes[first.node].spec->bank == nullptr)
      return std::move(draft.parts.front().step);
    Step bank{.op = Step::Op::bank, .node = first.node};
    for (Part& part : draft.parts) bank.members.push_back(std::move(part.step));
    return bank;
  }

  const Patch& patch_;
  Plan& plan_;
  unsigned bank_lanes_, parting_, threads_;
  WiresTo wires_to_;
  Kinship kinship_;
  std::vector<std::vector<std::uint32_t>> outputs_;  ///< by node and output: its value
  std::vector<std::vector<std::uint32_t>> line_of_;  ///< by node and output
  using Clamped = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, float, float>;
  std::map<Clamped, Use> clamped_;      ///< by value, lane, lanes, and bounds
  std::vector<std::vector<Use>> sums_;  ///< by node: of parts of its inputs
  std::vector<Passed> values_;
  std::vector<StepDraft> drafts_;
};

}  // namespace

void lay_out(const Patch& patch, Plan& plan, unsigned bank_lanes) {
  const auto clear = [&] {
    plan.steps.clear();
    plan.lines.clear();
    plan.shares.clear();
  };
  for (unsigned threads = std::clamp(plan.threading.threads.most, 1U, kMostThreads); threads > 1;) {
    // Banks that can be shared evenly, or full ones: whatever is shorter.
    Plan full = plan;
    Layout(patch, plan, bank_lanes, threads, threads).run();
    Layout(patch, full, bank_lanes, 1, threads).run();
    if (full.predicted.shared < plan.predicted.shared) plan = std::move(full);
    if (plan.threads() == threads) return;
    threads = plan.threads();
    clear();
  }
  Layout(patch, plan, bank_lanes, 1, 1).run();
}

}  // namespace perigee
