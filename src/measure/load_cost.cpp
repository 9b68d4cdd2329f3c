// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/load_cost.h"

#include <fmt/format.h>
#include <malloc.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "engine/build.h"

namespace perigee {

namespace {

/// Tells the ms since it was asked last.
class Lap {
 public:
  double ms() {
    const auto before = std::exchange(last_, std::chrono::steady_clock::now());
    return std::chrono::duration<double, std::milli>(last_ - before).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

double bytes_in_use() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void expect_none(const std::vector<Mistake>& mistakes) {
  if (!mistakes.empty()) throw std::runtime_error(to_string(mistakes.front()));
}

}  // namespace

LoadCost measure_load(const LoadWorkload& workload, int runs) {
  const LoadOptions options{
      .seconds = 60, .text = fmt::format("local nodes = {}\n{}", workload.nodes, script_of(workload.file))};
  LoadCost cost;
  for (int run = 0; run < runs; ++run) {
    Lap all, phase;
    Script lua(script_options(options));
    const Loaded loaded = lua.load(workload.file);
    expect_none(loaded.mistakes);
    cost.script.push_back(phase.ms());
    std::vector<Mistake> mistakes;
    const Plan plan = compile(loaded.patch, options.rate, mistakes);
    expect_none(mistakes);
    cost.plan.push_back(phase.ms());
    const double before = bytes_in_use();
    const auto program = build(loaded.patch, plan, mistakes);
    expect_none(mistakes);
    cost.build.push_back(phase.ms());
    cost.all.push_back(all.ms());
    cost.nodes = loaded.patch.nodes.size();
    cost.bytes_per_node.push_back((bytes_in_use() - before) / static_cast<double>(cost.nodes));
  }
  return cost;
}

}  // namespace perigee
