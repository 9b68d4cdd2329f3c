// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/load.h"
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
  bool trust = false;
};

std::unique_ptr<Driver> open_driver(Engine& engine, const Options& options) {
  if (options.driver == "dummy") return std::make_unique<DummyDriver>(engine, options.rate, options.period);
  return std::make_unique<JackDriver>(engine, options.name);
}

/// nullptr, and every mistake told, when the patch is at fault.
std::unique_ptr<Program> load_program(const Options& options, double rate, PortLatencies& latencies) {
  LoadedPatch loaded = load(options.patch, {.rate = rate, .trust = options.trust});
  print_mistakes(loaded.mistakes);
  if (loaded.program != nullptr) latencies = port_latencies(loaded.patch, loaded.plan);
  return std::move(loaded.program);
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
  PortLatencies latencies;
  auto program = load_program(options, driver->rate(), latencies);
  if (program == nullptr) return kPatchAtFault;
  const Program& playing = *program;  // not freed before another is published
  driver->publish(std::move(program), latencies);
  driver->start();
  fmt::print("{}", describe(*driver, playing));
  std::fflush(stdout);
  perform(engine, *driver, signals, [&](double rate) {
    if (auto again = load_program(options, rate, latencies)) driver->publish(std::move(again), latencies);
  });
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
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] { run = [options] { return play(*options); }; });
}

}  // namespace perigee::cli
