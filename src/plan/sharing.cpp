// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/sharing.h"

#include <algorithm>

namespace perigee {

namespace {

// Nanoseconds for a lane that is copied, and for a step to begin.
constexpr double kCopy = 4;
constexpr double kStep = 10;

class Tasks {
 public:
  Tasks(const Patch& patch, const Plan& plan, const std::vector<Passed>& values)
      : patch_(patch), plan_(plan), values_(values) {}

  /// The drafts of one step: what scales comes before its mix.
  Task of(std::span<const StepDraft> drafts) {
    Task task{.ns = kStep};
    for (const StepDraft& draft : drafts) {
      for (const Part& part : draft.parts) {
        for (const auto* uses : {&part.in, &part.params, &part.unscaled})
          for (const Use& one : *uses) use(task, one, false);
        for (const Use& one : part.out) use(task, one, true);
        touch(task, part);
        task.ns += ns_of(part);
      }
    }
    // Members of a bank that read one signal fetch it once.
    std::ranges::sort(task.accesses, {}, [](const Access& one) { return std::pair(one.what, !one.writes); });
    const auto same = [](const Access& a, const Access& b) { return a.what == b.what; };
    task.accesses.erase(std::unique(task.accesses.begin(), task.accesses.end(), same), task.accesses.end());
    return task;
  }

 private:
  void use(Task& task, const Use& use, bool writes) const {
    if (use.value == kNoValue || values_[use.value].still) return;
    task.accesses.push_back({use.value, writes, use.lanes});
  }

  /// What else steps share.
  void touch(Task& task, const Part& part) {
    const auto values = static_cast<std::uint32_t>(values_.size()),
               nodes = static_cast<std::uint32_t>(patch_.nodes.size()),
               lines = static_cast<std::uint32_t>(plan_.lines.size());
    switch (part.step.op) {
      case Step::Op::read_line:
      case Step::Op::write_line:
        task.accesses.push_back(
            {values + nodes + part.step.line, part.step.op == Step::Op::write_line, width(part)});
        break;
      case Step::Op::write_port: {
        // What ports of one name write is added up, in this order.
        const auto& name = std::get<std::string>(patch_.nodes[part.step.node].fixed.front());
        const auto index = static_cast<std::uint32_t>(ports_.size());
        const std::uint32_t port = ports_.try_emplace(name, index).first->second;
        task.accesses.push_back({values + nodes + lines + port, true, 0});
        break;
      }
      case Step::Op::mix:
      case Step::Op::clamp:
        break;
      default:
        task.accesses.push_back({values + part.step.node, true, plan_.shapes[part.step.node].lanes});
    }
  }

  static std::uint32_t width(const Part& part) {
    std::uint32_t lanes = 0;
    for (const auto* uses : {&part.in, &part.out})
      for (const Use& use : *uses) lanes += use.lanes;
    return lanes;
  }

  double ns_of(const Part& part) const {
    const PatchNode& node = patch_.nodes[part.step.node];
    const double ns = ns_a_lane(*plan_.threading.times, *node.spec);
    if (part.step.op == Step::Op::process) return ns * lanes_to_run(node, plan_.shapes[part.step.node]);
    if (part.step.op != Step::Op::mix) return kCopy * width(part);
    double lanes = 0;
    for (const Use& use : part.in) lanes += use.lanes;
    return ns * lanes;
  }

  const Patch& patch_;
  const Plan& plan_;
  const std::vector<Passed>& values_;
  std::map<std::string, std::uint32_t> ports_;
};

}  // namespace

std::vector<std::uint32_t> share(const Patch& patch, Plan& plan, const std::vector<Passed>& values,
                                 std::vector<StepDraft>& drafts, unsigned most_threads) {
  std::vector<std::uint32_t> share_of(drafts.size());
  if (most_threads < 2) return share_of;
  Threads threads = plan.threading.threads;
  threads.most = most_threads;
  const auto is_held = [](const StepDraft& draft) { return draft.parts.front().step.op == Step::Op::hold; };
  const auto run = std::stable_partition(drafts.begin(), drafts.end(), is_held);
  std::vector<std::span<StepDraft>> steps;
  for (auto first = run; first != drafts.end();) {
    const auto last =
        std::find_if(first, drafts.end(), [](const StepDraft& draft) { return !draft.scales; }) + 1;
    steps.emplace_back(first, last);
    first = last;
  }
  std::vector<Task> tasks;
  Tasks made(patch, plan, values);
  tasks.reserve(steps.size());
  for (const auto& step : steps) tasks.push_back(made.of(step));
  Division division = divide(tasks, threads);
  plan.predicted = {.alone = division.alone, .shared = division.ns};
  if (division.shares < 2) return share_of;

  std::vector<StepDraft> ordered;
  std::vector<Task> ordered_tasks;
  std::vector<std::uint32_t> share_of_step;
  auto next = share_of.begin() + (run - drafts.begin());
  for (const std::uint32_t task : division.order) {
    std::ranges::move(steps[task], std::back_inserter(ordered));
    ordered_tasks.push_back(std::move(tasks[task]));
    share_of_step.push_back(division.share_of[task]);
    next = std::fill_n(next, steps[task].size(), share_of_step.back());
  }
  std::ranges::move(ordered, run);
  plan.shares = turns_of(ordered_tasks, share_of_step, division.shares);
  return share_of;
}

}  // namespace perigee
