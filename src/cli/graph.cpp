// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/load.h"
#include "picture/picture.h"

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
  std::string format = "text";
  double rate = 48000;
  bool trust = false;
};

int run_graph(const Options& options) {
  // What the script prints must not end up in the picture.
  const auto aside = [](std::string_view line) { fmt::print(stderr, "{}\n", line); };
  const LoadedPatch loaded =
      check(options.patch, {.rate = options.rate, .trust = options.trust, .print = aside});
  print_mistakes(loaded.mistakes);
  if (!loaded.mistakes.empty()) return kPatchAtFault;
  fmt::print("{}", formats().at(options.format)(picture_of(loaded.patch, loaded.plan)));
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
      ->check(CLI::Range(1000.0, 768000.0))
      ->option_text("RATE");
  command->add_flag("--trust", options->trust, "run the script without the sandbox");
  command->callback([options, &run] { run = [options] { return run_graph(*options); }; });
}

}  // namespace perigee::cli
