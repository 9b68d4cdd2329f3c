// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Lua script becomes a Patch. Lua runs on a thread of its own, within limits of time and memory, in a
// sandbox.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/registry.h"
#include "patch/patch.h"

namespace perigee {

struct ScriptOptions {
  double rate = 48000;                           ///< Hz, for what depends on it: latency()
  double seconds = 2;                            ///< a load may take
  std::size_t memory = std::size_t{256} << 20U;  ///< bytes, of Lua and of the patch that it makes
  bool trust = false;                            ///< no sandbox: io, os, debug, ffi, load; the limits stay
  std::span<const Spec* const> kinds = all_kinds();
  std::optional<std::string> text = {};  ///< the script, in place of what the file holds

  // Both are called on the thread that called load(), while it waits; print() gets a line without its end.
  std::function<void(std::string_view)> print = {};
  /// Frames that a signal is late, for latency(); without it the script has no such function.
  std::function<Frames(const Patch&, const Source&, double rate)> latency = {};
};

struct Loaded {
  Patch patch;
  std::vector<Mistake> mistakes;  ///< empty: the script is well formed, and the patch may be validated
  std::vector<std::filesystem::path> files = {};  ///< the script and its modules, also those not found
};

class Watchdog;

/// Holds the Lua state of the script that plays. Use it from one thread.
class Script {
 public:
  explicit Script(ScriptOptions options);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  /// Runs the file in a fresh state, for at most the limit and a second. Its table `state` starts with the
  /// plain values that the script kept last left there. Mistakes name the file as it is written here.
  Loaded load(const std::filesystem::path& path);
  /// The script loaded last, which had no mistake, is the one that plays: its `state` is handed on.
  void keep();
  void set_rate(double rate) { options_.rate = rate; }

 private:
  ScriptOptions options_;
  std::unique_ptr<Watchdog> current_;  ///< kept
  std::unique_ptr<Watchdog> loaded_;   ///< last, without mistakes
};

Loaded load_script(const std::filesystem::path& path, const ScriptOptions& options);

/// Adds what later stages found, save at lines where something is wrong already: a bad argument leaves a
/// default behind, and what that default breaks is no news.
void add_mistakes(std::vector<Mistake>& mistakes, const std::vector<Mistake>& more);

}  // namespace perigee
