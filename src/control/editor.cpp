// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <set>

#include "plan/memory.h"
#include "plan/parting.h"

namespace perigee {

namespace {

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

Place first_place(const Patch& patch) { return patch.nodes.empty() ? Place() : patch.nodes.front().where; }

/// Nothing but what plays and is no part of the program leaves with it.
void leave(Program& program, const std::vector<std::shared_ptr<Instance>>& playing) {
  std::vector<const Instance*> stay;
  stay.reserve(program.instances.size());
  for (const auto& instance : program.instances) stay.push_back(instance.get());
  std::ranges::sort(stay);
  for (const auto& instance : playing)
    if (!std::ranges::binary_search(stay, instance.get())) program.leaving.push_back(instance.get());
}

/// What takes memory from one program to the next.
class Holdings {
 public:
  void add(const Program& program) { steps_ += program.steps_memory; }
  void add(const std::vector<std::shared_ptr<Instance>>& instances) {
    for (const auto& one : instances)
      if (one != nullptr) parts_.emplace_back(one.get(), one->memory);
  }
  void add(const std::vector<Line>& lines) {
    for (const Line& one : lines)
      for (const DelayLine* line = one.line.get(); line != nullptr; line = line->before())
        parts_.emplace_back(line, line->memory());
  }
  Bytes sum() {
    std::sort(parts_.begin(), parts_.end());
    parts_.erase(std::unique(parts_.begin(), parts_.end()), parts_.end());
    Bytes all = steps_;
    for (const auto& [part, bytes] : parts_) all += bytes;
    return all;
  }

 private:
  std::vector<std::pair<const void*, Bytes>> parts_;
  Bytes steps_;
};

}  // namespace

Diff Editor::edit(const Version& version, std::vector<Mistake>& mistakes) {
  look();
  engine_.collect();
  const PlannedPatch& before = *origin().version;
  Diff changes;
  Stages stages;
  try {
    changes = diff(before.patch, before.plan.shapes, version->patch, version->plan.shapes);
    if (!(anew_ ? start_anew(stages, version, mistakes) : lead_on(stages, version, changes, mistakes)))
      return changes;
  } catch (const std::bad_alloc&) {
    mistakes.push_back({first_place(version->patch), "there is not enough memory for the edit"});
    return changes;
  }
  for (const Stage& stage : stages) prepare_(*stage.program);
  leave(*stages.front().program, playing());
  for (std::size_t i = 1; i < stages.size(); ++i) leave(*stages[i].program, stages[i - 1].program->instances);
  lose_waiting();
  Program& next = *stages.front().program;
  next.lost = std::exchange(lost_, {});
  for (const auto& instance : next.lost) next.leaving.push_back(instance.get());
  waiting_ = std::move(stages);
  refused_.reset();
  engine_.collect();
  publish_due();
  return changes;
}

bool Editor::start_anew(Stages& stages, const Version& to, std::vector<Mistake>& mistakes) const {
  if (!has_room(to->patch, to->plan, {}, stages, to, mistakes)) return false;
  auto program = build(to->patch, to->plan, mistakes);
  if (program == nullptr) return false;
  State reached{to, {program->instances, program->lines}};
  stages.push_back({std::move(program), port_latencies(to->patch, to->plan), 0, std::move(reached), {}});
  return true;
}

/// What waits is not to be published. Its nodes that do not play end with the next program: they may have
/// been sent events.
void Editor::lose_waiting() {
  std::set<const Instance*> known;
  for (const auto& instance : playing()) known.insert(instance.get());
  for (const auto& instance : lost_) known.insert(instance.get());
  for (const Stage& stage : waiting_) {
    for (const auto* all : {&stage.program->instances, &stage.program->lost})
      for (const auto& instance : *all)
        if (instance != nullptr && known.insert(instance.get()).second) {
          // It never ran, and nobody but the programs that end here would run it.
          instance->node.reset();
          instance->memory = {};
          lost_.push_back(instance);
        }
  }
  waiting_.clear();
}

/// By what plays and what waits.
Bytes Editor::held() const {
  Holdings all;
  if (running_ != nullptr) all.add(*running_);
  all.add(playing());
  all.add((passage_ ? passage_->inherited : reached_.inherited).lines);
  for (const Stage& stage : waiting_) {
    all.add(*stage.program);
    all.add(stage.program->instances);
    all.add(stage.program->lines);
  }
  return all.sum();
}

/// For a program on the way to a version, and the one that the way ends with.
bool Editor::has_room(const Patch& patch, const Plan& plan, const Inheritance& inherited,
                      const Stages& stages, const Version& to, std::vector<Mistake>& mistakes) const {
  const Bytes budget = to->plan.budget, all = budget * kEditBudgets;
  if (budget == kNoBudget && plan.slots < UINT32_MAX) return true;
  Bytes wanted = held() + memory_to_build(patch, plan, inherited) + memory_of_steps(to->patch, to->plan);
  for (const Stage& stage : stages) wanted += stage.program->steps_memory;
  if (!exceeds(wanted, all)) return true;
  mistakes.push_back(
      {first_place(to->patch),
       fmt::format("while the edit fades in, what played and what will play want {} of memory together, "
                   "and may have {}: save it again when all fades are over, or in smaller steps",
                   in_words(wanted), in_words(all))});
  return false;
}

Frames Editor::elapsed() const { return seen_.begun < 0 ? 0 : seen_.now - seen_.begun; }

void Editor::look() {
  seen_.begun = running_ == nullptr ? -1 : running_->started.load(std::memory_order_acquire);
  seen_.now = std::max(engine_.now(), seen_.begun);
  seen_.held = false;
}

bool Editor::lead_on(Stages& stages, const Version& to, const Diff& changes,
                     std::vector<Mistake>& mistakes) const {
  if (passage_) {
    const Transition& now = passage_->transition;
    auto between = transition({.patch = now.patch,
                               .plan = now.plan,
                               .fades = now.fades,
                               .onsets = now.onsets,
                               .elapsed = elapsed()},
                              to->patch, to->plan, changes);
    if (between)
      return add_transition(stages, std::move(*between), passage_->inherited, reached_.version->patch, to,
                            changes, mistakes);
  }
  if (!add_way(stages, reached_, to, changes, mistakes)) return false;
  if (passage_) stages.front().after = passage_->transition.length;
  return true;
}

/// From a patch at rest to another.
bool Editor::add_way(Stages& stages, const State& from, const Version& to, const Diff& changes,
                     std::vector<Mistake>& mistakes) const {
  const PlannedPatch& before = *from.version;
  auto between = transition({.patch = before.patch, .plan = before.plan}, to->patch, to->plan, changes);
  if (between)
    return add_transition(stages, std::move(*between), from.inherited, before.patch, to, changes, mistakes);
  // Old and new wires would close a cycle together: the old ones leave first.
  Parting parting = part_ways(before.patch, before.plan, to->patch, changes);
  const Version parted = version_of(std::move(parting.patch), std::move(parting.plan));
  // Each node is itself, though by its wires it might be taken for another.
  if (!add_way(stages, from, parted, unchanged(before.patch), mistakes)) return false;
  stages.pop_back();  // no rest on the way
  const State halfway = stages.back().reached;
  const Frames length = stages.back().passage->transition.length;
  const std::size_t stops = stages.size();
  if (!add_way(stages, halfway, to, changes, mistakes)) return false;
  stages[stops].after = length;
  return true;
}

bool Editor::add_transition(Stages& stages, Transition between, const Inheritance& from, const Patch& before,
                            const Version& to, const Diff& changes, std::vector<Mistake>& mistakes) const {
  Inheritance inherited{std::vector<std::shared_ptr<Instance>>(between.patch.nodes.size()), from.lines};
  for (NodeId id = 0; id < between.old_of.size(); ++id)
    if (between.old_of[id] != kNoNode) inherited.instances[id] = from.instances[between.old_of[id]];
  if (!has_room(between.patch, between.plan, inherited, stages, to, mistakes)) return false;
  auto program = build(between.patch, between.plan, mistakes, inherited);
  if (program == nullptr) return false;
  program->latency = to->plan.timing.latency;
  program->on_start = edited_numbers(before, to->patch, changes, *program, to->plan.rate);
  for (const Held& held : between.held)
    program->handovers.push_back({.from = program->instances[held.node].get(),
                                  .param = held.param,
                                  .to = program->instances[held.constant].get()});

  Passage passage{std::move(between), {program->instances, program->lines}};
  State reached{to, passage.inherited};
  reached.inherited.instances.resize(to->patch.nodes.size());
  const auto latencies = port_latencies(passage.transition.patch, passage.transition.plan);
  stages.push_back({std::move(program), latencies, 0, std::move(reached), std::move(passage)});
  return add_rest(stages, mistakes);
}

/// The plan without fades: it sounds the same, and costs less.
bool Editor::add_rest(Stages& stages, std::vector<Mistake>& mistakes) const {
  const Stage& last = stages.back();
  const State& to = last.reached;
  const Patch& patch = to.version->patch;
  const Plan& plan = to.version->plan;
  auto program = build(patch, plan, mistakes, to.inherited);
  if (program == nullptr) return false;
  State reached{to.version, {program->instances, program->lines}};
  stages.push_back({std::move(program),
                    port_latencies(patch, plan),
                    last.passage->transition.length,
                    std::move(reached),
                    {}});
  return true;
}

void Editor::restart() {
  lose_waiting();
  anew_ = true;
}

const Editor::State& Editor::origin() const {
  static const State nothing;
  return anew_ ? nothing : reached_;
}

Instance* Editor::instance(NodeId id) const {
  Instance* const found = newest().inherited.instances[id].get();
  if (waiting_.empty()) return found;
  const auto& heard_now = reached_.inherited.instances;
  return std::ranges::any_of(heard_now, [&](const auto& one) { return one.get() == found; }) ? found
                                                                                             : nullptr;
}

void Editor::publish_next() {
  Stage stage = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = stage.program.get();
  for (Instance* node : running_->leaving) node->retired.store(true, std::memory_order_relaxed);
  publish_(std::move(stage.program), stage.latencies);
  reached_ = std::move(stage.reached);
  passage_ = std::move(stage.passage);
  anew_ = false;
}

bool Editor::attend() {
  engine_.collect();
  if (waiting_.empty()) return false;
  look();
  publish_due();
  return true;
}

void Editor::publish_due() {
  const bool runs = seen_.begun >= 0 && seen_.now >= seen_.begun + waiting_.front().after;
  if (running_ != nullptr && !runs) return;
  Readiness next = readiness_(*waiting_.front().program);
  seen_.held = !next.is_ready;
  refused_ = std::move(next.refused);
  if (next.is_ready) publish_next();
}

}  // namespace perigee
