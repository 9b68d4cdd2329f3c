// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "node/describe.h"
#include "node/nearest.h"
#include "node/registry.h"
#include "terminal/console.h"

namespace perigee::cli {

namespace {

struct Options {
  std::string kind;
  bool json = false;
};

/// A kind that does not exist is a wrong argument: no patch is at fault.
int unknown(std::string_view kind) {
  std::vector<std::string_view> names;
  for (const Spec* spec : all_kinds()) names.push_back(spec->kind);
  const std::string_view near = nearest(kind, names);
  console::complain(
      "perigee nodes: there is no kind \"{}\"{}\n", kind,
      near.empty() ? "; perigee nodes lists them all" : fmt::format(": did you mean {}?", near));
  return kUsage;
}

int run_nodes(const Options& options) {
  if (options.kind.empty()) {
    console::print("{}", options.json ? describe_json(all_kinds()) : describe(all_kinds()));
    return kDone;
  }
  const Spec* spec = find_kind(options.kind);
  if (spec == nullptr) return unknown(options.kind);
  console::print("{}", options.json ? describe_json(*spec) : describe(*spec));
  return kDone;
}

}  // namespace

void add_nodes(CLI::App& app, Run& run) {
  const auto options = std::make_shared<Options>();
  auto* command =
      app.add_subcommand("nodes", "tells the kinds of node: ports, parameters, ranges, defaults, latency");
  command->add_option("KIND", options->kind, "all about one kind; without it, a list of all");
  command->add_flag("--json", options->json, "as JSON");
  command->callback([options, &run] { run = [options] { return run_nodes(*options); }; });
}

}  // namespace perigee::cli
