// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/edit_cost.h"

#include <doctest/doctest.h>

#include "measure/median.h"

using namespace perigee;

TEST_CASE("each edit of a workload is measured where it is built and where it is heard") {
  for (EditWorkload workload : edit_workloads()) {
    CAPTURE(workload.name);
    workload.edits = 3;
    const EditCost cost = measure_edits(workload, 64);
    for (const auto& series : {cost.save_to_sound, cost.at_rest, cost.first, cost.fading}) {
      REQUIRE(series.size() == 3);
      for (const double number : series) CHECK(number > 0);
    }
  }
}

TEST_CASE("the nodes that come and go are as many as a workload says") {
  for (const EditWorkload& workload : edit_workloads()) {
    CAPTURE(workload.name);
    const auto nodes = [](std::string_view file) {
      const LoadedPatch patch = check(file, {.text = script_of(file)});
      REQUIRE(patch.mistakes.empty());
      return patch.patch.nodes.size();
    };
    CHECK(nodes(workload.after) == nodes(workload.before) + static_cast<std::size_t>(workload.nodes));
  }
}

TEST_CASE("median") {
  CHECK(median({3}) == 3);
  CHECK(median({5, 1, 3}) == 3);
  CHECK(median({1, 2, 4, 8}) == 4);
  CHECK(worst({1, 9, 3}) == 9);
}
