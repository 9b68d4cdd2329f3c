// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a script to a program that can be published, and every mistake on the way.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/budget.h"
#include "engine/program.h"
#include "patch/patch.h"
#include "plan/plan.h"
#include "script/script.h"

namespace perigee {

struct LoadOptions {
  double rate = 48000;                   ///< Hz
  double seconds = 2;                    ///< the script may take to load
  bool trust = false;                    ///< without the sandbox
  std::optional<std::string> text = {};  ///< the script, in place of what the file holds
  std::function<void(std::string_view)> print =
      {};                         ///< what the script prints, whole lines; default: standard output
  Threads threads = {};           ///< that run it
  Bytes memory = usual_budget();  ///< that the patch may take
};

struct LoadedPatch {
  Patch patch;
  Plan plan;
  std::unique_ptr<Program> program;               ///< nullptr when there are mistakes
  std::shared_ptr<Script> loops;                  ///< the script as it plays, if it has loops or callbacks
  std::vector<Mistake> mistakes;                  ///< by file and line
  std::vector<std::filesystem::path> files = {};  ///< the script and its modules, also those not found
  std::shared_ptr<const Moment> moment = {};      ///< of a script without mistakes
  std::vector<Errand> errands = {};               ///< to be carried out once it plays
  std::vector<SourceFile> sources = {};           ///< what was read of the files
};

/// Control thread. Runs the script, validates, plans and builds. With mistakes there is no program; the patch
/// is then as much as could be understood.
LoadedPatch load(const std::filesystem::path& script, const LoadOptions& options);

/// Plans a patch without mistakes anew, for the threads that it is worth and has memory for, by times that
/// are known or are learned.
void divide(LoadedPatch& loaded, Threading& threading);

/// Validates and plans without building: no node is made, and one thread runs it.
LoadedPatch check(const std::filesystem::path& script, const LoadOptions& options);

/// A script for check() that remembers, from one save to the next, what is in its table `state`.
ScriptOptions script_options(const LoadOptions& options);
LoadedPatch check(Script& lua, const std::filesystem::path& script, double rate,
                  Bytes memory = usual_budget());
/// What check() does once the script has run.
LoadedPatch check(Loaded loaded, double rate, Bytes memory = usual_budget());

}  // namespace perigee
