// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/load.h"

namespace perigee::cli {

void add_check(CLI::App& app, Run& run) {
  struct Options {
    std::string patch;
    double rate = 48000;
    bool trust = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "validates a patch: every mistake, with its file and line");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
  command->add_option("-r,--rate", options->rate, "sample rate, Hz")->check(CLI::Range(1000.0, 768000.0));
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([&run, options] {
    run = [options]() -> int {
      const LoadedPatch patch = check(options->patch, {.rate = options->rate, .trust = options->trust});
      print_mistakes(patch.mistakes);
      if (!patch.mistakes.empty()) return kPatchAtFault;
      const auto count = patch.patch.nodes.size();
      fmt::print("{}: {} node{}, latency {} frames\n", options->patch, count, count == 1 ? "" : "s",
                 patch.plan.timing.latency);
      return kDone;
    };
  });
}

}  // namespace perigee::cli
