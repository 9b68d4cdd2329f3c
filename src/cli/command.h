// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>

namespace perigee::cli {

/// Exit codes, the same for every command.
enum Exit : int {
  kDone = 0,
  kPatchAtFault = 1,  ///< or the input
  kUsage = 2,
  kSystemAtFault = 3,  ///< no server, no rights, disk full; output that cannot be written
  kInterrupted = 128,  ///< and the number of the signal
};

/// Each command describes its arguments to the parser, and sets `run` when it is the one that was called.
using Run = std::function<int()>;
void add_bench(CLI::App& app, Run& run);
void add_check(CLI::App& app, Run& run);
void add_doctor(CLI::App& app, Run& run);
void add_graph(CLI::App& app, Run& run);
void add_nodes(CLI::App& app, Run& run);
void add_render(CLI::App& app, Run& run);
void add_repl(CLI::App& app, Run& run);
void add_run(CLI::App& app, Run& run);
void add_send(CLI::App& app, Run& run);
void add_top(CLI::App& app, Run& run);

}  // namespace perigee::cli
