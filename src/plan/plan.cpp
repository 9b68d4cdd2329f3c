// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan.h"

#include <bit>
#include <new>

#include "patch/validate.h"
#include "plan/memory.h"
#include "plan/order.h"
#include "plan/steps.h"

namespace perigee {

std::uint64_t line_frames(Frames longest) {
  return std::bit_ceil(static_cast<std::uint64_t>(longest) + kChunk);
}

namespace {

void compile(const Patch& patch, Plan& plan, std::vector<Mistake>& mistakes, unsigned bank_lanes) {
  const std::size_t before = mistakes.size();
  const double rate = plan.rate;
  plan.shapes = shapes(patch, rate, mistakes);
  std::ranges::move(validate(patch, plan.shapes, rate), std::back_inserter(mistakes));
  plan.wires = wires_of(patch);
  plan.order = order_of(patch, plan.wires, mistakes);
  if (mistakes.size() > before) return;
  plan.timing = compensate(patch, plan.shapes, plan.order, plan.wires);
  lay_out(patch, plan, bank_lanes);
  if (const Memory memory = memory_of(patch, plan); exceeds(memory.all(), plan.budget))
    mistakes.push_back(memory_mistake(patch, plan, memory, plan.budget));
}

}  // namespace

Plan compile(const Patch& patch, double rate, std::vector<Mistake>& mistakes, unsigned bank_lanes,
             const Threading& threading, Bytes budget) {
  Plan plan{.rate = rate, .budget = budget, .threading = threading};
  try {
    compile(patch, plan, mistakes, bank_lanes);
  } catch (const std::bad_alloc&) {
    plan = {.rate = rate};
    mistakes.push_back({{patch.nodes.empty() ? "" : patch.nodes.front().where.file, 0},
                        "there is not enough memory to plan it"});
  }
  return plan;
}

}  // namespace perigee
