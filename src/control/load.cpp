// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/load.h"

#include <algorithm>
#include <cmath>

#include "control/threading.h"
#include "engine/build.h"
#include "patch/spillover.h"
#include "script/script.h"
#include "terminal/console.h"

namespace perigee {

namespace {

void print_to_terminal(std::string_view line) { console::print("{}\n", line); }

/// Of a script: no more than a patch may take where there is little.
std::size_t script_memory() {
  constexpr std::uint64_t kLeast = 16 << 20;
  return std::min<std::uint64_t>(ScriptOptions().memory, std::max(usual_budget().count(), kLeast));
}

void sort(std::vector<Mistake>& mistakes) {
  std::ranges::stable_sort(
      mistakes, {}, [](const Mistake& mistake) { return std::tie(mistake.where.file, mistake.where.line); });
}

}  // namespace

ScriptOptions script_options(const LoadOptions& options) {
  return {.rate = options.rate,
          .seconds = options.seconds,
          .memory = script_memory(),
          .trust = options.trust,
          .text = options.text,
          .print = options.print ? options.print : print_to_terminal,
          .latency = [](const Patch& patch, const Source& source, double rate) {
            std::vector<Mistake> none;
            return latency_of(with_spillover(patch, none), source.node, rate);
          }};
}

LoadedPatch check(Loaded loaded, double rate, Bytes memory) {
  LoadedPatch result;
  result.patch = std::move(loaded.patch);
  result.mistakes = std::move(loaded.mistakes);
  result.files = std::move(loaded.files);
  result.moment = std::move(loaded.moment);
  result.errands = std::move(loaded.errands);
  result.sources = std::move(loaded.sources);
  std::vector<Mistake> more;
  result.plan = compile(result.patch, rate, more, kBankLanes, {}, memory);
  add_mistakes(result.mistakes, more);
  sort(result.mistakes);
  return result;
}

LoadedPatch check(Script& lua, const std::filesystem::path& script, double rate, Bytes memory) {
  return check(lua.load(script), rate, memory);
}

LoadedPatch check(const std::filesystem::path& script, const LoadOptions& options) {
  Script lua(script_options(options));
  return check(lua, script, options.rate, options.memory);
}

void divide(LoadedPatch& loaded, Threading& threading) {
  if (threading.threads.most < 2) return;
  learn_times(loaded.patch, loaded.plan, threading);
  std::vector<Mistake> mistakes;
  Plan plan = compile(loaded.patch, loaded.plan.rate, mistakes, kBankLanes, threading, loaded.plan.budget);
  if (mistakes.empty()) loaded.plan = std::move(plan);  // signals that threads share may be too many
}

LoadedPatch load(const std::filesystem::path& script, const LoadOptions& options) {
  const auto lua = std::make_shared<Script>(script_options(options));
  LoadedPatch result = check(*lua, script, options.rate, options.memory);
  if (Threading threading{.threads = options.threads}; result.mistakes.empty()) divide(result, threading);
  if (result.mistakes.empty()) result.program = build(result.patch, result.plan, result.mistakes);
  sort(result.mistakes);
  if (result.program == nullptr) return result;
  lua->keep();
  lua->start_loops(0, result.patch, *result.moment);
  if (std::isfinite(lua->next_beat()) || !lua->asks().empty()) result.loops = lua;
  return result;
}

}  // namespace perigee
