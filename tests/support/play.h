// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches made in C++, and the whole engine run on them offline.

#pragma once

#include <functional>

#include "engine/engine.h"
#include "patch/patch.h"
#include "plan/plan.h"
#include "support/rig.h"

namespace perigee::test {

/// Writes patches as a script would, without Lua.
class PatchMaker {
 public:
  using Settings = std::map<std::string, Setting>;
  using Values = std::map<std::string, Value>;

  Source add(const Spec& spec, const std::vector<Source>& inputs, const Settings& params = {},
             const Values& fixed = {}, const std::string& name = "");
  Source add(std::string_view kind, const std::vector<Source>& inputs, const Settings& params = {},
             const Values& fixed = {}, const std::string& name = "") {
    return add(*find_kind(kind), inputs, params, fixed, name);
  }
  Source input(const std::string& name, unsigned lanes = 1);
  void output(const std::string& name, Source source);
  /// A feedback node to be closed later.
  Source feedback(double frames = kChunk);
  void close(Source feedback, Source from);

  Patch patch;
};

/// Compiles and builds; throws std::runtime_error with all mistakes.
std::unique_ptr<Program> make_program(const Patch& patch, double rate = 48000);
std::vector<std::string> mistakes_of(const Patch& patch, double rate = 48000);

/// Runs an engine over `frames`, its periods as `split` says (a period may be longer than a chunk). `in` are
/// all channels of the inputs; the result all channels of the outputs. `before_period` is called with the
/// engine before each period.
Sound play(Engine& engine, const Sound& in, unsigned out_channels, Frames frames, Split split = {},
           const std::function<void(Engine&)>& before_period = {});
/// The same with a fresh engine for a patch.
Sound play(const Patch& patch, const Sound& in, Frames frames, Split split = {}, double rate = 48000);

}  // namespace perigee::test
