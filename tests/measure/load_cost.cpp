// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/load_cost.h"

#include <doctest/doctest.h>

#include "measure/median.h"

using namespace perigee;

TEST_CASE("each load is measured by its parts, and has about as many nodes as the workload says") {
  for (const LoadWorkload& workload : load_workloads()) {
    if (workload.nodes > 10000) continue;
    CAPTURE(workload.name);
    CAPTURE(workload.nodes);
    const LoadCost cost = measure_load(workload, 2);
    CHECK(cost.nodes >= 0.9 * workload.nodes);
    CHECK(cost.nodes <= 1.5 * workload.nodes);
    REQUIRE(cost.all.size() == 2);
    for (std::size_t run = 0; run < 2; ++run) {
      for (const auto* part : {&cost.script, &cost.plan, &cost.build}) CHECK(part->at(run) > 0);
      CHECK(cost.script[run] + cost.plan[run] + cost.build[run] <= cost.all[run]);
    }
  }
}

TEST_CASE("a sine, a gain and a low-pass take no more than 2 KiB each") {
  // Where nobody counts, as under the address sanitizer, it is 0.
  for (const LoadWorkload& workload : load_workloads())
    if (workload.name != "load-web" && workload.nodes == 10000)
      CHECK(median(measure_load(workload, 1).bytes_per_node) <= 2048);
}
