// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/editor.h"

#include <algorithm>

#include "plan/transition.h"

namespace perigee {

namespace {

/// A literal that was edited travels to its new value in this time.
constexpr double kRampSeconds = 0.005;

/// Numbers of kept nodes that the edit changed. Those that it left alone stay as hands have set them.
std::vector<Event> edited_numbers(const Patch& before, const Patch& after, const Diff& diff,
                                  const Program& program, double rate) {
  std::vector<Event> events;
  for (NodeId id = 0; id < after.nodes.size(); ++id) {
    if (diff.old_of[id] == kNoNode) continue;
    const PatchNode &was = before.nodes[diff.old_of[id]], &is = after.nodes[id];
    for (unsigned p = 0; p < is.params.size(); ++p) {
      const auto *from = std::get_if<double>(&was.params[p]), *to = std::get_if<double>(&is.params[p]);
      if (to == nullptr || (from != nullptr && *from == *to)) continue;
      const bool ramps = from != nullptr && is.spec->params[p].change == Change::ramp;
      events.push_back({.target = program.instances[id].get(),
                        .param = p,
                        .value = static_cast<float>(*to),
                        .glide = ramps ? static_cast<Frames>(kRampSeconds * rate) : 0});
    }
  }
  return events;
}

/// Nothing but what plays and is no part of the program leaves with it.
void leave(Program& program, const std::vector<std::shared_ptr<Instance>>& playing) {
  std::vector<const Instance*> stay;
  stay.reserve(program.instances.size());
  for (const auto& instance : program.instances) stay.push_back(instance.get());
  std::ranges::sort(stay);
  for (const auto& instance : playing)
    if (!std::ranges::binary_search(stay, instance.get())) program.leaving.push_back(instance.get());
}

}  // namespace

Diff Editor::edit(const Patch& patch, const Plan& plan, std::vector<Mistake>& mistakes) {
  if (running_ == nullptr && waiting_.empty()) {
    auto program = build(patch, plan, mistakes);
    Diff all{
        .old_of = std::vector<NodeId>(patch.nodes.size(), kNoNode), .new_of = {}, .made = patch.nodes.size()};
    if (program == nullptr) return all;
    State reached{patch, plan, {program->instances, program->lines}};
    waiting_.push_back({std::move(program), port_latencies(patch, plan), 0, std::move(reached)});
    publish_next();
    return all;
  }
  Diff changes = diff(reached_.patch, reached_.plan.shapes, patch, plan.shapes);
  std::deque<Stage> stages;
  if (!add_transition(stages, reached_, patch, plan, changes, mistakes)) return changes;
  leave(*stages.front().program, running_->instances);
  for (std::size_t i = 1; i < stages.size(); ++i) leave(*stages[i].program, stages[i - 1].program->instances);
  waiting_ = std::move(stages);
  attend();
  return changes;
}

bool Editor::add_transition(std::deque<Stage>& stages, const State& from, const Patch& patch,
                            const Plan& plan, const Diff& changes, std::vector<Mistake>& mistakes) {
  auto between = transition(from.patch, from.plan, patch, plan, changes);
  if (!between) {
    // Old and new wires would close a cycle together: the old ones leave first.
    const Parted parted = part_ways(from.patch, from.plan, patch, changes);
    const Diff none = diff(from.patch, from.plan.shapes, parted.patch, parted.plan.shapes);
    if (!add_transition(stages, from, parted.patch, parted.plan, none, mistakes)) return false;
    stages.pop_back();  // no rest on the way
    const State halfway = stages.back().reached;
    return add_transition(stages, halfway, patch, plan, changes, mistakes);
  }
  Inheritance inherited{std::vector<std::shared_ptr<Instance>>(between->patch.nodes.size()),
                        from.inherited.lines};
  for (NodeId id = 0; id < between->old_of.size(); ++id)
    if (between->old_of[id] != kNoNode)
      inherited.instances[id] = from.inherited.instances[between->old_of[id]];
  auto program = build(between->patch, between->plan, mistakes, inherited);
  if (program == nullptr) return false;
  program->latency = plan.timing.latency;
  program->on_start = edited_numbers(from.patch, patch, changes, *program, plan.rate);

  State reached{patch, plan, {program->instances, program->lines}};
  reached.inherited.instances.resize(patch.nodes.size());
  stages.push_back(
      {std::move(program), port_latencies(between->patch, between->plan), between->length, reached});
  add_rest(stages, stages.back().reached);
  return true;
}

/// The plan without fades: it sounds the same, and costs less.
void Editor::add_rest(std::deque<Stage>& stages, const State& to) {
  std::vector<Mistake> none;
  auto program = build(to.patch, to.plan, none, to.inherited);
  State reached{to.patch, to.plan, {program->instances, program->lines}};
  stages.push_back({std::move(program), port_latencies(to.patch, to.plan), 0, std::move(reached)});
}

void Editor::restart() {
  waiting_.clear();
  running_ = nullptr;
  reached_ = {};
}

void Editor::publish_next() {
  Stage stage = std::move(waiting_.front());
  waiting_.pop_front();
  const Program* const program = stage.program.get();
  for (Instance* node : program->leaving) node->retired.store(true, std::memory_order_relaxed);
  try {
    publish_(std::move(stage.program), stage.latencies);
  } catch (...) {
    waiting_.clear();  // the driver has no room for it: what plays, plays on
    throw;
  }
  running_ = program;
  running_length_ = stage.length;
  reached_ = std::move(stage.reached);
}

bool Editor::attend() {
  engine_.collect();
  if (waiting_.empty()) return false;
  const Frames started = running_->started.load(std::memory_order_acquire);
  if (started >= 0 && engine_.now() >= started + running_length_) publish_next();
  return true;
}

}  // namespace perigee
