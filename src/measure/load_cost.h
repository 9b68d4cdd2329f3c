// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What it costs to load a patch.

#pragma once

#include <vector>

#include "measure/workload.h"

namespace perigee {

/// A number for each run.
struct LoadCost {
  std::size_t nodes = 0;               ///< really
  std::vector<double> script;          ///< ms to run the script
  std::vector<double> plan;            ///< ms to validate and plan the patch
  std::vector<double> build;           ///< ms to make its nodes and their memory
  std::vector<double> all;             ///< ms
  std::vector<double> bytes_per_node;  ///< of the program, delay lines and the nodes' own memory included
};

LoadCost measure_load(const LoadWorkload& workload, int runs);

}  // namespace perigee
