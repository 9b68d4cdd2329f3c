// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/memory.h"
#include "cli/mistakes.h"
#include "cli/number.h"
#include "control/load.h"
#include "control/node_times.h"
#include "dsp/instructions.h"
#include "measure/machine.h"
#include "picture/picture.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

using Format = std::function<std::string(const Picture&)>;
const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> all = {
      {"text", text_of}, {"dot", dot_of}, {"svg", svg_of}, {"json", json_of}};
  return all;
}

struct Options {
  std::string patch;
  std::string format = "text", memory;
  double rate = 48000;
  bool trust = false, times = false;
};

Picture with_times(LoadedPatch& loaded) {
  const NodeTimes times = measure_nodes(loaded.plan, std::move(loaded.program));
  Picture picture = picture_of(loaded.patch, loaded.plan, times.ns);
  picture.times = {.machine = processor(),
                   .instructions = dsp::instructions().front(),
                   .ns_a_chunk = times.ns_a_chunk,
                   .ns_a_reading = times.ns_a_reading,
                   .readings = times.readings,
                   .chunks = times.chunks};
  return picture;
}

int run_graph(const Options& options) {
  // What the script prints must not end up in the picture.
  const auto aside = [](std::string_view line) { console::complain("{}\n", line); };
  if (options.times && options.format != "json") {
    console::complain("--times are told as JSON: use -f json\n");
    return kUsage;
  }
  const LoadOptions how{
      .rate = options.rate, .trust = options.trust, .print = aside, .memory = memory_of(options.memory)};
  LoadedPatch loaded = options.times ? load(options.patch, how) : check(options.patch, how);
  print_mistakes(loaded.mistakes);
  if (!loaded.mistakes.empty()) return kPatchAtFault;
  const Picture picture = options.times ? with_times(loaded) : picture_of(loaded.patch, loaded.plan);
  console::write(console::Stream::out, formats().at(options.format)(picture));
  return kDone;
}

}  // namespace

void add_graph(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("graph", "shows order, latency and compensation of a patch, and what forced it");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
  command->add_option("-f,--format", options->format, "text if not given; dot is for Graphviz")
      ->check(CLI::IsMember(formats()))
      ->option_text("text|dot|svg|json");
  command->add_option("-r,--rate", options->rate, "sample rate, Hz; 48000 if not given")
      ->check(number_in(1000.0, 768000.0))
      ->option_text("RATE");
  command->add_flag("--times", options->times,
                    "with -f json: plays the patch for a moment, and tells how long each node takes");
  add_memory(*command, options->memory);
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] { run = [options] { return run_graph(*options); }; });
}

}  // namespace perigee::cli
