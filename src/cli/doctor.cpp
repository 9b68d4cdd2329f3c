// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "cli/command.h"
#include "control/socket_path.h"
#include "drivers/jack.h"
#include "dsp/instructions.h"
#include "engine/engine.h"
#include "measure/fitness.h"
#include "measure/machine.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

/// Perigee's own driver finds the server, or says what to do.
Finding server() {
  try {
    Engine engine;
    const JackDriver driver(engine, "perigee-doctor");
    return {.what = "server",
            .text = fmt::format("JACK answers: {} Hz, {} frames a period ({:.1f} ms)", driver.rate(),
                                driver.period(), 1000 * driver.period() / driver.rate())};
  } catch (const SystemError& error) {
    return {
        .is = Finding::Is::bad, .what = "server", .text = "no patch can be heard", .remedy = error.what()};
  }
}

Finding sockets() {
  try {
    make_socket_folder(socket_folder());
    return {.what = "sockets", .text = fmt::format("they are in {}", socket_folder().string())};
  } catch (const SystemError& error) {
    return {.is = Finding::Is::poor,
            .what = "sockets",
            .text = fmt::format("no code can be sent to a patch that plays: {}", error.what()),
            .remedy = "set XDG_RUNTIME_DIR to a folder of your own, mode 0700"};
  }
}

std::string_view word(Finding::Is is) {
  return is == Finding::Is::good ? "good" : is == Finding::Is::poor ? "poor" : "bad";
}

int doctor() {
  console::print("{}, instructions {}\n", processor(), dsp::instructions().front());
  const std::vector<Finding> all = {realtime_permission(),
                                    memory_permission(),
                                    judge(measure_wake_ups()),
                                    kernel(),
                                    throttling(),
                                    processor_speed(),
                                    server(),
                                    sockets()};
  for (const Finding& one : all) {
    console::print("{:<5} {}: {}\n", word(one.is), one.what, one.text);
    if (!one.remedy.empty()) console::print("      → {}\n", one.remedy);
  }
  const auto count = [&](Finding::Is is) { return std::ranges::count(all, is, &Finding::is); };
  const auto bad = count(Finding::Is::bad), poor = count(Finding::Is::poor);
  console::print("{}\n", bad > 0    ? "not fit for real time: see what is bad"
                         : poor > 0 ? "fit for real time, and could be fitter"
                                    : "fit for real time");
  return bad > 0 ? kSystemAtFault : kDone;
}

}  // namespace

void add_doctor(CLI::App& app, Run& run) {
  app.add_subcommand("doctor", "whether this system is fit for real time, and what to do if not")
      ->callback([&run] { run = doctor; });
}

}  // namespace perigee::cli
