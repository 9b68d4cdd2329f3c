// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "node/nearest.h"

int main(int argc, char** argv) {
  using namespace perigee::cli;
  CLI::App app("Perigee: a modular audio graph for JACK and PipeWire, scripted in Lua", "perigee");
  app.set_version_flag("--version", PERIGEE_VERSION);
  app.require_subcommand(1);
  Run run;
  for (auto* add : {add_run, add_render, add_check, add_graph, add_nodes, add_bench}) add(app, run);
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  if (argc > 1 && argv[1][0] != '-' && std::ranges::count(commands, argv[1]) == 0) {
    const std::vector<std::string_view> names(commands.begin(), commands.end());
    const std::string_view meant = perigee::nearest(argv[1], names);
    fmt::print(stderr, "perigee: there is no command {}{}{}{}\n", argv[1],
               meant.empty() ? "" : ": did you mean ", meant, meant.empty() ? ", see perigee --help" : "?");
    return kUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    return run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "perigee: {}\n", error.what());
    return kSystemAtFault;
  }
}
