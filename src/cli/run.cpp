// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "cli/threads.h"
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
  std::string threads = "1";
  double rate = 48000;
  int period = 64;
  bool trust = false, watch = false, verbose = false;
};

/// A thread that sleeps has to be woken: until it runs, so many nanoseconds pass.
constexpr double kAwake = 20000;

std::unique_ptr<Driver> open_driver(Engine& engine, const Options& options) {
  const unsigned threads = threads_of(options.threads, kAwake).most;
  if (options.driver == "dummy")
    return std::make_unique<DummyDriver>(engine, options.rate, options.period, threads);
  return std::make_unique<JackDriver>(engine, options.name, threads);
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
  LivePatch patch(
      engine, *driver, options.patch,
      {.rate = driver->rate(), .trust = options.trust, .threads = threads_of(options.threads, kAwake)});
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
  CLI::App* command = app.add_subcommand("run", "plays a patch, as a JACK client, until it is interrupted");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
  command->add_option("-n,--name", options->name, "of the JACK client; perigee if not given")
      ->option_text("NAME");
  command->add_option("--driver", options->driver, "dummy: a clock and no sound; jack if not given")
      ->check(CLI::IsMember({"jack", "dummy"}))
      ->option_text("jack|dummy");
  command->add_option("-r,--rate", options->rate, "of the dummy driver, Hz; 48000 if not given")
      ->check(CLI::Range(1000.0, 768000.0))
      ->option_text("RATE");
  command->add_option("-p,--period", options->period, "of the dummy driver, frames; 64 if not given")
      ->check(CLI::Range(1, 65536))
      ->option_text("FRAMES");
  add_threads(*command, options->threads);
  command->add_flag("--watch", options->watch, "load the patch again whenever it is saved, as SIGHUP does");
  command->add_flag("-v,--verbose", options->verbose, "tell which nodes a save kept, and which not");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] { run = [options] { return play(*options); }; });
}

}  // namespace perigee::cli
