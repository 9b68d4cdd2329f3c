// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches to measure this machine and this program by.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "control/load.h"

namespace perigee {

/// One to be played: how fast is it?
struct Workload {
  std::string_view name;
  std::string_view file;  ///< under lua/
  int nodes;              ///< counted, as the workload is defined; written as a bundle it is the same work
};
std::span<const Workload> workloads();

/// One to be edited back and forth while it plays: what does an edit cost?
struct EditWorkload {
  std::string_view name;
  std::string_view before, after;  ///< files under lua/
  int nodes;                       ///< that come and go
  int edits;
};
std::span<const EditWorkload> edit_workloads();

/// One to be loaded: how does that grow with its size?
struct LoadWorkload {
  std::string_view name;
  std::string_view file;  ///< under lua/; the script is told in `nodes` how many it is to make
  int nodes;              ///< about so many
};
std::span<const LoadWorkload> load_workloads();

/// The script in a file that is built in.
std::string script_of(std::string_view file);

/// How long a program takes.
struct Speed {
  double ns_per_chunk = 0;
  double x_realtime = 0;
};

/// The processor time, by the median of several runs, of a program that is loaded and warm: start-up does not
/// count. `seconds` of sound in each, in periods of so many frames. That of one which several threads run is
/// told by the clock.
Speed measure_speed(std::unique_ptr<Program> program, int runs, double seconds, int period);

/// Stays on the processor that it runs on: a move would cost a cache.
void pin_to_processor();

}  // namespace perigee
