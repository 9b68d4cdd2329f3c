// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls the engine as fast as it goes, without a sound card: for rendering to files, benchmarks and tests.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/engine.h"

namespace perigee {

/// How frames are handed to the engine. The sound does not depend on it; that is what it is there to show.
struct Periods {
  int frames = 1024;       ///< 1 … 65536
  std::uint64_t seed = 0;  ///< not 0: random periods of 1 … frames
};

/// Called after each period with the channels of the outputs; returns false to stop.
using Consume = std::function<bool(std::span<const float* const> channels, int frames)>;

/// Called before each period, when the program that runs it has been taken: what Engine::send and hear are
/// told of it counts from its first frame, `at`.
using Prepare = std::function<void(Frames at, int frames)>;

/// Runs `frames` frames. `in` has a lane for each channel of the program's inputs, padded with silence where
/// it is shorter. Throws what `consume` throws.
void run_offline(
    Engine& engine, const std::vector<std::vector<float>>& in, unsigned out_channels, Frames frames,
    const Periods& periods, const Consume& consume, const Prepare& prepare = [](Frames, int) {});

}  // namespace perigee
