// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/memory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "dsp/mix.h"

namespace perigee {

namespace {

/// An instance without its node: its name, its lists, and what allocation adds.
constexpr Bytes kInstance{384};
constexpr Bytes kNumber{32};
/// Of a step or a member of one, as planned and as run, and of a signal that it knows.
constexpr Bytes kStepBytes{640}, kSignal{48};
/// A channel of the driver's, or of files.
constexpr Bytes kChannel{4096};
/// Lists of numbers and points go with the patch, which is there more than once while it is edited.
constexpr std::uint64_t kCopies = 6;
/// Those that want most are told.
constexpr std::size_t kMostTold = 3;

/// What a sum keeps for each lane of each of its inputs, and for each number that scales it.
Bytes memory_of_mix(const Step& step) {
  const std::uint64_t lanes = step.out.empty() ? 0 : step.out[0].lanes / 2;
  std::uint64_t scalers = 0;
  for (const Scaled& scaled : step.unscaled) scalers += scaled.by.size();
  return (Bytes::of<dsp::Product>(2) * step.in.size() + Bytes::of<float>(2) * scalers) * lanes +
         kNumber * scalers;
}

Bytes memory_of_lists(const PatchNode& node) {
  Bytes all;
  for (const Value& value : node.fixed) {
    if (const auto* numbers = std::get_if<std::vector<double>>(&value))
      all += Bytes::of<double>(numbers->size());
    if (const auto* points = std::get_if<std::vector<Point>>(&value)) all += Bytes::of<Point>(points->size());
  }
  return all * kCopies;
}

struct Wish {
  Bytes bytes;
  NodeId node = kNoNode;
  bool is_line = false;
};

std::string told(const Patch& patch, const Wish& wish) {
  const PatchNode& node = patch.nodes[wish.node];
  return fmt::format("{} ({}:{}) {}{}", label(patch, wish.node), node.where.file, node.where.line,
                     in_words(wish.bytes), wish.is_line ? " to be heard later" : "");
}

}  // namespace

Bytes memory_of_node(const PatchNode& node, const Setup& setup) {
  return kInstance + kNumber * node.params.size() + memory_of_lists(node) +
         (node.spec->make == nullptr ? Bytes() : node.spec->memory(setup));
}

Bytes memory_of_line(const LinePlan& line) {
  return Bytes(256) + Bytes::of<float>(line_frames(line.longest) + 1) * line.lanes;
}

Bytes memory_of_steps(const Patch& patch, const Plan& plan) {
  if (plan.slots >= UINT32_MAX) return Bytes::all_there_are();
  Bytes all = Bytes::of<float>(kChunk) * (plan.slots + 1);
  const auto add = [&](const Step& step, const auto& itself) -> void {
    all += kStepBytes + kSignal * (step.in.size() + step.params.size() + step.out.size());
    for (const Bundle& bundle : step.params)  // that never changes: there may be a copy of it in bounds
      if (bundle.still) all += Bytes::of<float>(kChunk) * bundle.lanes;
    if (step.op == Step::Op::mix) all += memory_of_mix(step);
    if (step.op == Step::Op::read_port) all += kChannel * step.out[0].lanes;
    if (step.op == Step::Op::write_port) all += kChannel * step.in[0].lanes;
    for (const Step& member : step.members) itself(member, itself);
  };
  for (const Step& step : plan.steps) add(step, add);
  return all + Bytes::of<Turn>(2) * (plan.shares.empty() ? 0 : patch.nodes.size());
}

Bytes Memory::all() const {
  Bytes sum = std::accumulate(nodes.begin(), nodes.end(), steps + to_build);
  return std::accumulate(lines.begin(), lines.end(), sum);
}

Memory memory_of(const Patch& patch, const Plan& plan) {
  Memory memory{.steps = memory_of_steps(patch, plan)};
  memory.nodes.reserve(patch.nodes.size());
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    const Setup setup = setup_of(patch, id, plan.shapes[id], plan.rate);
    memory.nodes.push_back(memory_of_node(node, setup));
    memory.to_build = std::max(memory.to_build, node.spec->memory_to_build(setup));
  }
  for (const LinePlan& line : plan.lines) memory.lines.push_back(memory_of_line(line));
  return memory;
}

bool exceeds(Bytes bytes, Bytes budget) { return bytes > budget || bytes == Bytes::all_there_are(); }

Mistake memory_mistake(const Patch& patch, const Plan& plan, const Memory& memory, Bytes budget) {
  std::vector<Wish> wishes;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) wishes.push_back({memory.nodes[id], id});
  for (std::size_t i = 0; i < plan.lines.size(); ++i)
    wishes.push_back({memory.lines[i], plan.lines[i].node, true});
  const auto more = [](const Wish& a, const Wish& b) { return a.bytes > b.bytes; };
  std::ranges::stable_sort(wishes, more);
  std::vector<std::string> most;
  for (const Wish& wish : wishes) {
    if (most.size() == kMostTold || (!most.empty() && wish.bytes < Bytes(budget.count() / 100))) break;
    most.push_back(told(patch, wish));
  }
  if (memory.steps > Bytes(budget.count() / 100)) most.push_back("signals " + in_words(memory.steps));
  return {
      patch.nodes[wishes.front().node].where,
      fmt::format("the patch wants {} of memory, and may have {}: most of it for {}; it needs fewer lanes or "
                  "shorter times, or --memory with more",
                  in_words(memory.all()), in_words(budget), fmt::join(most, ", "))};
}

}  // namespace perigee
