// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long each node of a patch takes on this machine.

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/program.h"

namespace perigee {

/// Nanoseconds are for 64 frames, by the median of several runs.
struct NodeTimes {
  std::vector<double> ns;      ///< by node; 0 of what does not run, as constants
  double ns_a_chunk = 0;       ///< of all steps
  double ns_a_reading = 0;     ///< of the clock, once a step; it has been subtracted
  std::uint64_t readings = 0;  ///< in each chunk that is measured
  std::uint64_t chunks = 0;    ///< that were measured
  double seconds = 0;          ///< that all of it took
};

/// How long it takes to read the clock that steps are measured with: each time has one in it.
double cycles_a_reading();

/// Nodes that run in one step, as those of a bank, or a sum and what scales its inputs, share its time by
/// their lanes; a delay line counts for the node behind it. `ns` are those of the program's steps.
std::vector<double> times_of_nodes(const Plan& plan, std::span<const double> ns);

/// Plays a program of its own for a moment, with silence at its inputs. Control thread.
NodeTimes measure_nodes(const Plan& plan, std::unique_ptr<Program> program, int runs = 9);

}  // namespace perigee
