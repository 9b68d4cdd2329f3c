// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches planned and built, and the whole engine run on them offline.

#pragma once

#include <functional>

#include "engine/engine.h"
#include "patch/patch.h"
#include "plan/plan.h"
#include "plan/port_latency.h"
#include "support/patch_maker.h"
#include "support/rig.h"

namespace perigee::test {

// All of these throw std::runtime_error with the patch's mistakes.

Plan plan_of(const Patch& patch, double rate = 48000);

struct Built {
  std::unique_ptr<Program> program;
  PortLatencies latencies;
};
Built built(const Patch& patch, double rate = 48000);
inline std::unique_ptr<Program> make_program(const Patch& patch, double rate = 48000) {
  return built(patch, rate).program;
}

/// What is wrong with a patch.
std::vector<std::string> mistakes_of(const Patch& patch, double rate = 48000);

/// Runs an engine over `frames`, its periods as `split` says (a period may be longer than a chunk). `in` are
/// all channels of the inputs; the result all channels of the outputs. `before_period` is called with the
/// engine before each period.
Sound play(Engine& engine, const Sound& in, unsigned out_channels, Frames frames, Split split = {},
           const std::function<void(Engine&)>& before_period = {});
/// The same with a fresh engine for a patch.
Sound play(const Patch& patch, const Sound& in, Frames frames, Split split = {}, double rate = 48000);

}  // namespace perigee::test
