// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/live_patch.h"
#include "control/performance.h"
#include "drivers/dummy.h"
#include "drivers/jack.h"

namespace perigee::cli {

namespace {

struct Options {
  std::filesystem::path patch;
  std::string name = "perigee";
  std::string driver = "jack";
  double rate = 48000;
  int period = 64;
  bool trust = false, watch = false, verbose = false;
};

std::unique_ptr<Driver> open_driver(Engine& engine, const Options& options) {
  if (options.driver == "dummy") return std::make_unique<DummyDriver>(engine, options.rate, options.period);
  return std::make_unique<JackDriver>(engine, options.name);
}

/// Without a driver, a patch that is not there or has mistakes is told all the same.
std::unique_ptr<Driver> open_driver_or_check(Engine& engine, const Options& options) {
  try {
    return open_driver(engine, options);
  } catch (const SystemError&) {
    const auto nothing = [](std::string_view) {};
    const auto patch = check(options.patch, {.rate = options.rate, .trust = options.trust, .print = nothing});
    if (patch.mistakes.empty()) throw;
    print_mistakes(patch.mistakes);
    return nullptr;
  }
}

int play(const Options& options) {
  const Signals signals;
  Engine engine;
  const auto driver = open_driver_or_check(engine, options);
  if (driver == nullptr) return kPatchAtFault;
  LivePatch patch(engine, *driver, options.patch, {.rate = driver->rate(), .trust = options.trust});
  const auto mistakes = patch.save();
  print_mistakes(mistakes);
  if (!mistakes.empty()) return kPatchAtFault;
  driver->start();
  fmt::print("{}", describe(*driver, patch.editor().patch(), patch.editor().plan()));
  std::fflush(stdout);
  perform(engine, *driver, signals, wishes_of(patch, options.watch, options.verbose));
  return kDone;
}

}  // namespace

void add_run(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "play a patch, as a JACK client");
  command->add_option("PATCH", options->patch, "the script")->required();
  command->add_option("-n,--name", options->name, "of the JACK client")->capture_default_str();
  command->add_option("--driver", options->driver, "jack, or dummy: a clock and no sound")
      ->check(CLI::IsMember({"jack", "dummy"}))
      ->capture_default_str();
  command->add_option("-r,--rate", options->rate, "Hz, of the dummy driver")->capture_default_str();
  command->add_option("-p,--period", options->period, "frames, of the dummy driver")->capture_default_str();
  command->add_flag("--watch", options->watch, "load the patch again whenever it is saved, as SIGHUP does");
  command->add_flag("-v,--verbose", options->verbose, "tell which nodes a save kept");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] { run = [options] { return play(*options); }; });
}

}  // namespace perigee::cli
