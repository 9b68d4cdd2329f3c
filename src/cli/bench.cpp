// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/mistakes.h"
#include "control/load.h"
#include "drivers/offline.h"
#include "script/embedded.h"

namespace perigee::cli {

namespace {

struct Workload {
  std::string_view name;
  std::string_view file;  ///< under lua/
  int nodes;              ///< counted, as the workload is defined; written as a bundle it is the same work
};

constexpr Workload kWorkloads[] = {
    {"W1", "bench/w1-loop.lua", 1000}, {"W1-bundle", "bench/w1-bundle.lua", 1000},
    {"W2", "bench/w2-loop.lua", 800},  {"W2-bundle", "bench/w2-bundle.lua", 800},
    {"W3", "bench/w3-loop.lua", 1000}, {"W3-bundle", "bench/w3-bundle.lua", 1000},
    {"W4", "bench/w4-loop.lua", 768},  {"W4-bundle", "bench/w4-bundle.lua", 768},
};

struct Options {
  std::vector<std::string> workloads;
  int runs = 9, period = kChunk;
  double seconds = 1;
  bool json = false;
};

struct Result {
  const Workload* workload;
  double ns_per_node_chunk, x_realtime;
};

/// Stays on the processor that it runs on: a move would cost a cache.
void pin() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &set);
  sched_setaffinity(0, sizeof(set), &set);
}

double seconds_for(Engine& engine, unsigned out_channels, Frames frames, int period) {
  const auto start = std::chrono::steady_clock::now();
  run_offline(engine, {}, out_channels, frames, {.frames = period}, [](auto, int) { return true; });
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The median over the runs of a program that is loaded and warm: start-up does not count.
Result measure(const Workload& workload, std::unique_ptr<Program> program, const Options& options) {
  const double rate = program->rate;
  const auto& ports = program->outputs;
  const unsigned out_channels = ports.back().first_channel + ports.back().lanes;
  Engine engine;
  engine.publish(std::move(program));
  const auto frames = static_cast<Frames>(options.seconds * rate);
  seconds_for(engine, out_channels, frames / 4, options.period);
  std::vector<double> times;
  times.reserve(static_cast<std::size_t>(options.runs));
  for (int run = 0; run < options.runs; ++run)
    times.push_back(seconds_for(engine, out_channels, frames, options.period));
  std::ranges::nth_element(times, times.begin() + options.runs / 2);
  const double median = times[static_cast<std::size_t>(options.runs / 2)];
  const double chunks = static_cast<double>(frames) / kChunk;
  return {&workload, median * 1e9 / chunks / workload.nodes, static_cast<double>(frames) / rate / median};
}

bool wanted(const Workload& workload, const std::vector<std::string>& names) {
  return names.empty() || std::ranges::any_of(names, [&](const std::string& name) {
           return workload.name == name || workload.name == name + "-bundle";
         });
}

int bench(const Options& options) {
  pin();
  for (const std::string& name : options.workloads)
    if (std::ranges::none_of(kWorkloads, [&](const Workload& one) { return wanted(one, {name}); })) {
      fmt::print(stderr, "there is no workload {}: W1 W2 W3 W4, or W1-bundle …\n", name);
      return kUsage;
    }
  nlohmann::json rows = nlohmann::json::array();
  if (!options.json)
    fmt::print("{:<10} {:>6} {:>6} {:>18} {:>16}\n", "workload", "chunk", "nodes", "ns/node/chunk",
               "x real time");
  for (const Workload& workload : kWorkloads) {
    if (!wanted(workload, options.workloads)) continue;
    const auto text = std::ranges::find(embedded_lua(), workload.file, &Embedded::name);
    LoadedPatch patch = load(workload.file, {.text = std::string(text->text)});
    print_mistakes(patch.mistakes);
    if (patch.program == nullptr) return kPatchAtFault;
    const Result result = measure(workload, std::move(patch.program), options);
    if (options.json) {
      rows.push_back({{"workload", workload.name},
                      {"chunk", options.period},
                      {"nodes", workload.nodes},
                      {"ns_per_node_chunk", result.ns_per_node_chunk},
                      {"x_realtime", result.x_realtime},
                      {"threads", 1}});
    } else {
      fmt::print("{:<10} {:>6} {:>6} {:>18.2f} {:>16.1f}\n", workload.name, options.period, workload.nodes,
                 result.ns_per_node_chunk, result.x_realtime);
    }
  }
  if (options.json) fmt::print("{}\n", rows.dump(2));
  return kDone;
}

}  // namespace

void add_bench(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("bench", "measures how much this machine carries");
  command->add_option("WORKLOAD", options->workloads, "W1 W2 W3 W4, each also as -bundle; all if not given");
  command->add_flag("--json", options->json, "as JSON");
  command->add_option("-p,--period", options->period, "handed over at a time; 64 if not given")
      ->check(CLI::Range(1, 65536))
      ->option_text("FRAMES");
  command->add_option("--runs", options->runs, "the median of so many is told; 9 if not given")
      ->check(CLI::Range(1, 1000))
      ->option_text("COUNT");
  command->add_option("-d,--duration", options->seconds, "of sound in each run; 1 s if not given")
      ->check(CLI::Range(0.01, 1e4))
      ->option_text("SECONDS");
  command->callback([&run, options] { run = [options] { return bench(*options); }; });
}

}  // namespace perigee::cli
