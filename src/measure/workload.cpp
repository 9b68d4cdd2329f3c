// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "measure/workload.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "drivers/offline.h"
#include "drivers/worker_threads.h"
#include "measure/median.h"
#include "script/embedded.h"

namespace perigee {

namespace {

constexpr Workload kWorkloads[] = {
    {"W1", "bench/w1-loop.lua", 1000}, {"W1-bundle", "bench/w1-bundle.lua", 1000},
    {"W2", "bench/w2-loop.lua", 800},  {"W2-bundle", "bench/w2-bundle.lua", 800},
    {"W3", "bench/w3-loop.lua", 1000}, {"W3-bundle", "bench/w3-bundle.lua", 1000},
    {"W4", "bench/w4-loop.lua", 768},  {"W4-bundle", "bench/w4-bundle.lua", 768},
};

constexpr EditWorkload kEditWorkloads[] = {
    {"W6", "bench/w2-loop.lua", "bench/w6.lua", 500, 100},
    {"edit", "bench/edit-before.lua", "bench/edit-after.lua", 1, 1000},
};

constexpr LoadWorkload kLoadWorkloads[] = {
    {"load-voices", "bench/load-voices.lua", 1000},   {"load-voices", "bench/load-voices.lua", 10000},
    {"load-voices", "bench/load-voices.lua", 100000}, {"load-chain", "bench/load-chain.lua", 1000},
    {"load-chain", "bench/load-chain.lua", 10000},    {"load-chain", "bench/load-chain.lua", 100000},
    {"load-web", "bench/load-web.lua", 1000},         {"load-web", "bench/load-web.lua", 10000},
    {"load-web", "bench/load-web.lua", 100000},
};

/// Of this thread: what others do beside it does not count.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::span<const Workload> workloads() { return kWorkloads; }
std::span<const EditWorkload> edit_workloads() { return kEditWorkloads; }

std::span<const LoadWorkload> load_workloads() { return kLoadWorkloads; }

std::string script_of(std::string_view file) {
  return std::string(std::ranges::find(embedded_lua(), file, &Embedded::name)->text);
}

Speed measure_speed(std::unique_ptr<Program> program, int runs, double seconds, int period) {
  const double rate = program->rate;
  const unsigned out_channels = program->out_channels;
  const auto threads = static_cast<unsigned>(program->shares.size());
  Engine engine;
  const WorkerThreads workers(engine, threads);
  const auto seconds_for = [&](Frames frames) {
    const auto now = threads > 1 ? clock_seconds : processor_seconds;
    const double start = now();
    run_offline(engine, {}, out_channels, frames, {.frames = period}, [](auto, int) { return true; });
    return now() - start;
  };
  engine.publish(std::move(program));
  const auto frames = static_cast<Frames>(seconds * rate);
  seconds_for(frames / 4);
  std::vector<double> times;
  times.reserve(static_cast<std::size_t>(runs));
  for (int run = 0; run < runs; ++run) times.push_back(seconds_for(frames));
  const double chunks = static_cast<double>(frames) / kChunk;
  return {median(times) * 1e9 / chunks, static_cast<double>(frames) / rate / median(times)};
}

void pin_to_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &set);
  sched_setaffinity(0, sizeof(set), &set);
}

}  // namespace perigee
