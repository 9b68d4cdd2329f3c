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
};

int run_graph(const Options& options) {
  // What the script prints must not end up in the picture.
  const auto aside = [](std::string_view line) { fmt::print(stderr, "{}\n", line); };
  const LoadedPatch loaded = check(options.patch, {.rate = options.rate, .print = aside});
  print_mistakes(loaded.mistakes);
  if (!loaded.mistakes.empty()) return kPatchAtFault;
  fmt::print("{}", formats().at(options.format)(picture_of(loaded.patch, loaded.plan)));
  return kDone;
}

}  // namespace

void add_graph(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("graph", "order, latency and compensation of a patch, and what forced it");
  command->add_option("PATCH", options->patch, "a Lua script")->required();
  command->add_option("-f,--format", options->format, "text, dot (Graphviz), svg or json")
      ->check(CLI::IsMember(formats()))
      ->capture_default_str();
  command->add_option("-r,--rate", options->rate, "frames a second")
      ->check(CLI::Range(8000.0, 768000.0))
      ->capture_default_str();
  command->callback([options, &run] { run = [options] { return run_graph(*options); }; });
}

}  // namespace perigee::cli
