// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <exception>

#include "cli/command.h"

int main(int argc, char** argv) {
  using namespace perigee::cli;
  CLI::App app("Perigee: a modular audio graph for JACK and PipeWire, scripted in Lua", "perigee");
  app.set_version_flag("--version", PERIGEE_VERSION);
  app.require_subcommand(1);
  Run run;
  for (auto* add : {add_run, add_render, add_check}) add(app, run);
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
