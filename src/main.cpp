// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "drivers/jack_thread.h"
#include "node/nearest.h"
#include "terminal/console.h"

namespace {

using namespace perigee;
using namespace perigee::cli;

/// A thread that waits for a server that hangs cannot be ended, but with the process.
int leave(int code) {
  if (!JackThread::left_behind()) return code;
  std::fflush(nullptr);
  _exit(code);
}

int command(int argc, char** argv) {
  CLI::App app("Perigee: a modular audio graph for JACK and PipeWire, scripted in Lua", "perigee");
  app.set_version_flag("--version", PERIGEE_VERSION, "tell the version, and leave");
  app.set_help_flag("-h,--help", "tell this, and leave");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("Positionals", "Arguments");
  for (const char* noise : {"TEXT", "REQUIRED"}) app.get_formatter()->label(noise, "");
  Run run;
  for (auto* add : {add_run, add_render, add_check, add_graph, add_nodes, add_send, add_repl, add_top,
                    add_bench, add_doctor})
    add(app, run);
  app.footer(
      "perigee COMMAND --help tells about one. The manual: man perigee, man perigee-lua, man perigee-nodes,\n"
      "man perigee-remote.\n"
      "Exit codes: 0 done; 1 the patch or its input is at fault; 2 the command was not understood;\n"
      "3 the system is at fault.");
  std::vector<std::string> commands;
  for (CLI::App* command : app.get_subcommands({}))
    commands.push_back(command->group("Commands")->get_name());
  if (argc > 1 && argv[1][0] != '-' && std::ranges::count(commands, argv[1]) == 0) {
    const std::vector<std::string_view> names(commands.begin(), commands.end());
    const std::string_view meant = nearest(argv[1], names);
    console::complain("perigee: there is no command {}{}{}{}\n", argv[1],
                      meant.empty() ? "" : ": did you mean ", meant,
                      meant.empty() ? ", see perigee --help" : "?");
    return kUsage;
  }
  if (argc < 2) {
    console::write(console::Stream::error, app.help());
    return kUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, mistakes;
    const bool done = app.exit(error, out, mistakes) == 0;
    console::write(console::Stream::out, out.str());
    console::write(console::Stream::error, mistakes.str());
    return done ? kDone : kUsage;
  }
  try {
    return run();
  } catch (const std::exception& error) {
    console::complain("perigee: {}\n", error.what());
    return kSystemAtFault;
  }
}

}  // namespace

int main(int argc, char** argv) {
  console::open();
  return leave(console::close(command(argc, argv), kSystemAtFault));
}
