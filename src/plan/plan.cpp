// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan.h"

#include "patch/validate.h"
#include "plan/order.h"
#include "plan/steps.h"

namespace perigee {

Plan compile(const Patch& patch, double rate, std::vector<Mistake>& mistakes, unsigned bank_lanes,
             const Threading& threading) {
  const std::size_t before = mistakes.size();
  Plan plan{.rate = rate, .threading = threading};
  plan.shapes = shapes(patch, rate, mistakes);
  std::ranges::move(validate(patch, plan.shapes, rate), std::back_inserter(mistakes));
  plan.wires = wires_of(patch);
  plan.order = order_of(patch, plan.wires, mistakes);
  if (mistakes.size() > before) return plan;
  plan.timing = compensate(patch, plan.shapes, plan.order, plan.wires);
  lay_out(patch, plan, bank_lanes);
  return plan;
}

}  // namespace perigee
