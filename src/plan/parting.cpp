// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/parting.h"

#include <cmath>

#include "plan/order.h"
#include "plan/steps.h"

namespace perigee {

namespace {

/// Whether the new patch wires the same source to the same end.
bool stays(const Wire& wire, const PatchNode& end, const Diff& diff) {
  const auto* now = wire.to_param ? std::get_if<Source>(&end.params[wire.index]) : &end.inputs[wire.index];
  return now != nullptr && now->node != kNoNode && diff.new_of[wire.from.node] == now->node &&
         wire.from.output == now->output && wire.from.lane == now->lane;
}

void cut(const Wire& wire, PatchNode& end) {
  if (wire.to_param) {
    const double initial = end.spec->params[wire.index].initial;
    end.params[wire.index] = std::isnan(initial) ? 0 : initial;
  } else {
    end.inputs[wire.index] = {};
  }
}

}  // namespace

Parting part_ways(const Patch& before, const Plan& plan_before, const Patch& after, const Diff& diff) {
  Parting parting{before, plan_before};
  Plan& plan = parting.plan;
  std::erase_if(plan.wires, [&](const Wire& wire) {
    const NodeId to = diff.new_of[wire.to];
    if (wire.closes || to == kNoNode || stays(wire, after.nodes[to], diff)) return false;
    cut(wire, parting.patch.nodes[wire.to]);
    return true;
  });
  plan.steps.clear();
  plan.lines.clear();
  plan.shares.clear();
  std::vector<Mistake> none;
  plan.order = order_of(parting.patch, plan.wires, none);
  lay_out(parting.patch, plan);
  return parting;
}

}  // namespace perigee
