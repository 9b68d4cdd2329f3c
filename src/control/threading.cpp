// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/threading.h"

#include <fmt/format.h>
#include <sched.h>

#include "control/node_times.h"
#include "engine/build.h"

namespace perigee {

namespace {

/// For a schedule it is enough to know roughly.
constexpr int kRounds = 3;

bool is_known(const KindTimes& times, const PatchNode& node) {
  return node.spec->role != Role::process || node.spec->still || times.contains(node.spec);
}

}  // namespace

void learn_times(const Patch& patch, const Plan& plan, Threading& threading) {
  const auto known = [&](const PatchNode& node) { return is_known(*threading.times, node); };
  if (std::ranges::all_of(patch.nodes, known)) return;
  std::vector<Mistake> mistakes;
  auto program = build(patch, plan, mistakes);
  if (program == nullptr) return;
  const NodeTimes measured = measure_nodes(plan, std::move(program), kRounds);
  struct Sum {
    double ns = 0, lanes = 0;
  };
  std::map<const Spec*, Sum> sums;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    if (node.spec->role != Role::process || node.spec->still) continue;
    Sum& sum = sums[node.spec];
    sum.ns += measured.ns[id];
    sum.lanes += lanes_to_run(node, plan.shapes[id]);
  }
  KindTimes times = *threading.times;
  for (const auto& [kind, sum] : sums) times[kind] = sum.ns / std::max(sum.lanes, 1.0);
  threading.times = std::make_shared<const KindTimes>(std::move(times));
}

std::string describe_threads(const Plan& plan) {
  const auto& [alone, shared] = plan.predicted;
  if (alone == 0) return "";
  if (plan.threads() == 1)
    return fmt::format("1 thread: {:.1f} µs for 64 frames, and more would gain too little", alone / 1000);
  return fmt::format("{} threads: about {:.1f} µs for 64 frames, {:.1f} µs with one", plan.threads(),
                     shared / 1000, alone / 1000);
}

unsigned processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&set), 1));
}

}  // namespace perigee
