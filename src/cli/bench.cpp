// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/number.h"
#include "cli/threads.h"
#include "dsp/instructions.h"
#include "measure/edit_cost.h"
#include "measure/load_cost.h"
#include "measure/median.h"
#include "measure/workload.h"
#include "terminal/console.h"
#include "text/json_text.h"

namespace perigee::cli {

namespace {

struct Options {
  std::vector<std::string> workloads;
  int runs = 9, period = kChunk;
  double seconds = 1;
  bool json = false;
  std::string simd, threads = "1";
};

using Json = nlohmann::ordered_json;

Json speed_of(const Workload& workload, const Options& options) {
  LoadedPatch patch =
      load(workload.file, {.text = script_of(workload.file), .threads = threads_of(options.threads, 0)});
  const unsigned threads = patch.plan.threads();
  const Speed speed = measure_speed(std::move(patch.program), options.runs, options.seconds, options.period);
  return {{"workload", workload.name},      {"chunk", options.period},
          {"nodes", workload.nodes},        {"ns_per_node_chunk", speed.ns_per_chunk / workload.nodes},
          {"x_realtime", speed.x_realtime}, {"threads", threads}};
}

Json edits_of(const EditWorkload& workload, const Options& options) {
  const EditCost cost = measure_edits(workload, options.period);
  const auto of = [](const std::vector<double>& series, double scale) {
    return Json{{"median", median(series) * scale}, {"worst", worst(series) * scale}};
  };
  return {{"workload", workload.name},
          {"chunk", options.period},
          {"nodes", workload.nodes},
          {"edits", workload.edits},
          {"save_to_sound_ms", of(cost.save_to_sound, 1)},
          {"rest_us", of(cost.at_rest, 1e-3)},
          {"first_us", of(cost.first, 1e-3)},
          {"fading_us", of(cost.fading, 1e-3)},
          {"threads", 1}};
}

/// Told against the same workload in the size before.
Json load_of(const LoadWorkload& workload, const Options& options, const Json& before) {
  const LoadCost cost = measure_load(workload, options.runs);
  Json row{{"workload", workload.name},
           {"nodes", cost.nodes},
           {"script_ms", median(cost.script)},
           {"plan_ms", median(cost.plan)},
           {"build_ms", median(cost.build)},
           {"load_ms", median(cost.all)},
           {"bytes_per_node", median(cost.bytes_per_node)},
           {"threads", 1}};
  if (before.contains("load_ms") && before["workload"] == workload.name) {
    const double doublings = std::log2(row["nodes"].get<double>() / before["nodes"].get<double>());
    row["growth_per_doubling"] =
        std::pow(row["load_ms"].get<double>() / before["load_ms"].get<double>(), 1 / doublings);
  }
  return row;
}

void print_speed(const Json& row) {
  console::print("{:<10} {:>6} {:>6} {:>18.2f} {:>16.1f} {:>8}\n", row["workload"].get<std::string>(),
                 row["chunk"].get<int>(), row["nodes"].get<int>(), row["ns_per_node_chunk"].get<double>(),
                 row["x_realtime"].get<double>(), row["threads"].get<int>());
}

void print_edits(const Json& row) {
  const auto pair = [&](const char* what) {
    return fmt::format("{:.1f} … {:.1f}", row[what]["median"].get<double>(),
                       row[what]["worst"].get<double>());
  };
  console::print("{:<10} {:>6} {:>6} {:>18} {:>20} {:>20} {:>20}\n", row["workload"].get<std::string>(),
                 row["edits"].get<int>(), row["nodes"].get<int>(), pair("save_to_sound_ms"), pair("rest_us"),
                 pair("first_us"), pair("fading_us"));
}

void print_load(const Json& row) {
  console::print("{:<12} {:>6} {:>10.1f} {:>8.1f} {:>9.1f} {:>8.1f} {:>12.0f}",
                 row["workload"].get<std::string>(), row["nodes"].get<int>(), row["script_ms"].get<double>(),
                 row["plan_ms"].get<double>(), row["build_ms"].get<double>(), row["load_ms"].get<double>(),
                 row["bytes_per_node"].get<double>());
  if (row.contains("growth_per_doubling"))
    console::print(" {:>16.2f}", row["growth_per_doubling"].get<double>());
  console::print("\n");
}

bool wanted(std::string_view workload, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return workload == name || workload.starts_with(name + "-");
         });
}

int bench(const Options& options) {
  if (!dsp::use_instructions(options.simd)) {
    console::complain("this machine has no {}; it has {}\n", options.simd,
                      fmt::join(dsp::instructions(), ", "));
    return kUsage;
  }
  if (threads_of(options.threads, 0).most == 1) pin_to_processor();
  for (const std::string& name : options.workloads) {
    const auto has = [&](const auto& one) { return wanted(one.name, {name}); };
    if (std::ranges::any_of(workloads(), has) || std::ranges::any_of(edit_workloads(), has) ||
        std::ranges::any_of(load_workloads(), has))
      continue;
    console::complain("there is no workload {}: W1 W2 W3 W4 W6 edit load, or W1-bundle …\n", name);
    return kUsage;
  }
  Json rows = Json::array();
  const auto measure = [&](const auto& all, auto measured, auto print, const std::string& head) {
    bool first = !options.json;
    for (const auto& workload : all) {
      if (!wanted(workload.name, options.workloads)) continue;
      if (std::exchange(first, false)) console::print("{}\n", head);
      rows.push_back(measured(workload, options));
      if (!options.json) print(rows.back());
    }
  };
  measure(workloads(), speed_of, print_speed,
          fmt::format("{:<10} {:>6} {:>6} {:>18} {:>16} {:>8}", "workload", "chunk", "nodes", "ns/node/chunk",
                      "x real time", "threads"));
  measure(edit_workloads(), edits_of, print_edits,
          fmt::format("{:<10} {:>6} {:>6} {:>18} {:>20} {:>20} {:>20}", "edits of", "edits", "nodes",
                      "save to sound, ms", "period at rest, µs", "the first with it", "with fades"));
  const auto load_after = [&rows](const LoadWorkload& workload, const Options& told) {
    return load_of(workload, told, rows.empty() ? Json() : rows.back());
  };
  measure(load_workloads(), load_after, print_load,
          fmt::format("{:<12} {:>6} {:>10} {:>8} {:>9} {:>8} {:>12} {:>16}", "loads of", "nodes",
                      "script, ms", "plan, ms", "build, ms", "all, ms", "bytes a node", "× a doubling"));
  if (options.json) console::print("{}\n", json_text(rows, 2));
  return kDone;
}

}  // namespace

void add_bench(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("bench", "measures how much this machine carries");
  command->add_option("WORKLOAD", options->workloads,
                      "W1 W2 W3 W4, each also as -bundle; W6 edit load; all if not given");
  command->add_flag("--json", options->json, "as JSON");
  command->add_option("-p,--period", options->period, "handed over at a time; 64 if not given")
      ->check(number_in(1, 65536))
      ->option_text("FRAMES");
  add_threads(*command, options->threads);
  command->add_option("--runs", options->runs, "the median of so many is told; 9 if not given")
      ->check(number_in(1, 1000))
      ->option_text("COUNT");
  command
      ->add_option("--simd", options->simd,
                   "uses this set of instructions; the best that there is if not given")
      ->option_text("SET");
  command->add_option("-d,--duration", options->seconds, "of sound in each run; 1 s if not given")
      ->check(number_in(0.01, 1e4))
      ->option_text("SECONDS");
  command->callback([&run, options] { run = [options] { return bench(*options); }; });
}

}  // namespace perigee::cli
