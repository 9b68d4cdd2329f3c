// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "cli/command.h"
#include "cli/guard.h"
#include "cli/memory.h"
#include "cli/mistakes.h"
#include "cli/number.h"
#include "cli/threads.h"
#include "control/destinations.h"
#include "control/live_patch.h"
#include "control/occasions.h"
#include "control/osc.h"
#include "control/osc_socket.h"
#include "control/overview.h"
#include "control/performance.h"
#include "control/remote.h"
#include "control/socket_path.h"
#include "drivers/dummy.h"
#include "drivers/jack.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

struct Options {
  std::filesystem::path patch;
  std::string name = "perigee";
  std::string driver = "jack";
  std::string threads = "1", guard = kUsualGuard, memory;
  std::string osc, log;
  double rate = 48000;
  int period = 64;
  double ahead = 0.1;
  bool trust = false, watch = false, verbose = false, force = false;
};

/// A thread that sleeps has to be woken: until it runs, so many nanoseconds pass.
constexpr double kAwake = 20000;

std::unique_ptr<Driver> open_driver(Engine& engine, const Options& options, const Signals& signals) {
  const unsigned threads = threads_of(options.threads, kAwake).most;
  if (options.driver == "dummy")
    return std::make_unique<DummyDriver>(engine, options.rate, options.period, threads);
  const auto is_end = [&signals] { return signals.read() == Signals::Wish::end; };
  return std::make_unique<JackDriver>(engine, options.name, threads, Interruption{signals.fd(), is_end});
}

/// Without a socket the patch plays all the same, and nobody can talk to it.
std::unique_ptr<Listener> open_listener(const std::string& name) {
  try {
    return std::make_unique<Listener>(socket_path(name));
  } catch (const NameTaken&) {
    throw SystemError(
        fmt::format("a patch runs as \"{}\" already: give this one another name with -n", name));
  } catch (const SystemError& error) {
    console::complain("perigee: no code can be sent: {}\n", error.what());
    return nullptr;
  }
}

/// Without a driver, a patch that is not there or has mistakes is told all the same.
std::unique_ptr<Driver> open_driver_or_check(Engine& engine, const Options& options, const Signals& signals) {
  try {
    return open_driver(engine, options, signals);
  } catch (const SystemError&) {
    const auto nothing = [](std::string_view) {};
    const auto patch = check(options.patch, {.rate = options.rate,
                                             .trust = options.trust,
                                             .print = nothing,
                                             .memory = memory_of(options.memory)});
    if (patch.mistakes.empty()) throw;
    print_mistakes(patch.mistakes);
    return nullptr;
  }
}

OscTarget osc_target(Engine& engine, const Driver& driver, LivePatch& patch) {
  return {.patch = [&patch]() -> const Patch& { return patch.editor().patch(); },
          .instance = [&patch](NodeId id) { return patch.editor().instance(id); },
          .send = [&patch](const Event& event) { return patch.send(event); },
          .now = [&engine] { return engine.now(); },
          .rate = [&driver] { return driver.rate(); },
          .clock =
              [] {
                const auto now = std::chrono::system_clock::now().time_since_epoch();
                return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
              },
          .tell = [&patch](const OscMessage& message,
                           Frames time) { return patch.tell(occasion_of(message), time); }};
}

void print_sent(const std::string& summary) { console::print("sent: {}\n", summary); }

/// Has the overview see what happens.
void overlook(Wishes& wishes, Overview& overview) {
  wishes.hear = [&overview, hear = wishes.hear](const Report& report) {
    hear(report);
    overview.take(report);
  };
  wishes.late = [&overview](unsigned periods, float share) { overview.late(periods, share); };
  wishes.attend = [&overview, attend = wishes.attend] {
    overview.attend();
    return attend();
  };
}

struct BadAddress : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

auto address_of(const std::string& osc) {
  try {
    return osc_address(osc);
  } catch (const std::invalid_argument& error) {
    throw BadAddress(error.what());
  }
}

/// Completes the log, and tells what became of it, unless it has been told: the exit code.
int end_log(Journal& journal, const std::string& file, Frames now) {
  const bool told = !journal.trouble().empty();
  journal.end(now);
  if (journal.trouble().empty())
    console::print("log: {}\n", file);
  else if (!told)
    console::complain("perigee: the log {} is not complete: {}\n", file, journal.trouble());
  return journal.trouble().empty() ? kDone : kSystemAtFault;
}

int play(const Options& options) {
  const Signals signals;
  console::stand_aside();
  const auto listener = open_listener(options.name);
  Loop loop;
  std::optional<OscSocket> socket;
  if (!options.osc.empty()) socket.emplace(address_of(options.osc));
  Engine engine;
  engine.guard(limit_of(options.guard));
  const auto driver = open_driver_or_check(engine, options, signals);
  if (driver == nullptr) return kPatchAtFault;
  LivePatch patch(engine, *driver, options.patch,
                  {.rate = driver->rate(),
                   .trust = options.trust,
                   .threads = threads_of(options.threads, kAwake),
                   .memory = memory_of(options.memory)});
  std::optional<Journal> journal;
  const auto old = options.force ? Journal::Old::replace : Journal::Old::keep;
  if (!options.log.empty())
    patch.log(journal.emplace(options.log, driver->rate(), old, limit_of(options.guard)));
  const auto mistakes = patch.save();
  print_mistakes(mistakes);
  if (!mistakes.empty()) return kPatchAtFault;
  driver->await_ready();
  patch.attend();
  driver->start();
  console::print("{}", describe(*driver, patch.editor().patch(), patch.editor().plan()));
  if (socket) console::print("OSC at {}\n", socket->describe());
  Turns turns(loop);
  Overview overview(engine, *driver, patch.editor());
  std::unique_ptr<Remote> remote;
  if (listener != nullptr)
    remote = std::make_unique<Remote>(
        loop, turns, patch, *listener,
        Remote::Calls{.changed = print_sent, .top = [&] { return overview.tell(); }});
  Wishes wishes = wishes_of(patch, turns, options.ahead, options.watch, options.verbose);
  overlook(wishes, overview);
  Osc osc(osc_target(engine, *driver, patch));
  Loop::Hook heard;
  if (socket) {
    heard = loop.when_readable(socket->fd(), [&] { socket->read(osc); });
    wishes.attend = [&osc, attend = wishes.attend] {
      if (const std::string text = osc.attend(); !text.empty()) console::complain("perigee: OSC: {}\n", text);
      return attend();
    };
  }
  perform(loop, engine, *driver, signals, wishes);
  const int code = journal ? end_log(*journal, options.log, engine.now()) : kDone;
  if (osc.refused() > 0) console::complain("perigee: OSC: refused {} in all\n", osc.refused());
  return code;
}

/// A server that does not answer when all is over changes what it comes to, though everything was played.
int play_and_leave(const Options& options) {
  try {
    const int code = play(options);
    if (!JackThread::left_behind()) return code;
  } catch (const Interrupted&) {
    return kDone;  // before it began
  }
  console::complain("perigee: the JACK server does not answer: left without closing the client\n");
  return kSystemAtFault;
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
      ->check(number_in(1000.0, 768000.0))
      ->option_text("RATE");
  command->add_option("-p,--period", options->period, "of the dummy driver, frames; 64 if not given")
      ->check(number_in(1, 65536))
      ->option_text("FRAMES");
  command->add_option("--ahead", options->ahead, "how far loops are ahead of the sound; 0.1 if not given")
      ->check(number_in(0.06, 10.0))
      ->option_text("SECONDS");
  add_threads(*command, options->threads);
  add_guard(*command, options->guard);
  add_memory(*command, options->memory);
  command->add_option("--osc", options->osc, "listen for OSC at this port; loopback without an address")
      ->option_text("[ADDRESS:]PORT");
  command
      ->add_option("--log", options->log,
                   "write down all that is played: perigee render --log FILE makes the same sound of it")
      ->option_text("FILE");
  command->add_flag("--force", options->force, "replace a file that --log names");
  command->add_flag("--watch", options->watch, "load the patch again whenever it is saved, as SIGHUP does");
  command->add_flag("-v,--verbose", options->verbose, "tell which nodes a save kept, and which not");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] {
    run = [options]() -> int {
      try {
        return play_and_leave(*options);
      } catch (const BadAddress& error) {
        console::complain("--osc {}\n", error.what());
        return kUsage;
      } catch (const Occupied& error) {
        console::complain("--log {}\n", error.what());
        return kUsage;
      }
    };
  });
}

}  // namespace perigee::cli
