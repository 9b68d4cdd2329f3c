// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/memory.h"
#include "cli/mistakes.h"
#include "cli/number.h"
#include "control/load.h"
#include "patch/diff.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

struct Options {
  std::string patch, against, memory;
  double rate = 48000;
  bool trust = false, verbose = false;
};

int compare(const Options& options, const LoadedPatch& patch) {
  const auto nothing = [](std::string_view) {};
  const LoadedPatch old = check(
      options.against,
      {.rate = options.rate, .trust = options.trust, .print = nothing, .memory = memory_of(options.memory)});
  print_mistakes(old.mistakes);
  if (!old.mistakes.empty()) return kPatchAtFault;
  const Diff changes = diff(old.patch, old.plan.shapes, patch.patch, patch.plan.shapes);
  console::print("{}\n", summary(changes));
  if (options.verbose) console::print("{}", details(changes, old.patch, patch.patch));
  return kDone;
}

}  // namespace

void add_check(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("check", "finds every mistake of a patch, with its file and line");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
  command->add_option("-r,--rate", options->rate, "sample rate, Hz; 48000 if not given")
      ->check(number_in(1000.0, 768000.0))
      ->option_text("RATE");
  command->add_option("--against", options->against, "an older patch: tells what a save over it would keep")
      ->option_text("OLD");
  command->add_flag("-v,--verbose", options->verbose,
                    "with --against: tell which nodes, and which numbers were edited");
  add_memory(*command, options->memory);
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([&run, options] {
    run = [options]() -> int {
      const LoadedPatch patch =
          check(options->patch,
                {.rate = options->rate, .trust = options->trust, .memory = memory_of(options->memory)});
      print_mistakes(patch.mistakes);
      if (!patch.mistakes.empty()) return kPatchAtFault;
      const auto count = patch.patch.nodes.size();
      console::print("{}: {} node{}, latency {} frames\n", options->patch, count, count == 1 ? "" : "s",
                     patch.plan.timing.latency);
      return options->against.empty() ? kDone : compare(*options, patch);
    };
  });
}

}  // namespace perigee::cli
