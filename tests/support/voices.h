// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches of many voices, with numbers set on the way, for tests of what must not change how they sound.

#pragma once

#include <random>

#include "plan/plan.h"
#include "support/patch_maker.h"
#include "support/rig.h"

namespace perigee::test {

inline constexpr Frames kVoiceFrames = 4000;

struct Move {
  Frames time;
  NodeId node;
  unsigned param;
  float value;
  Frames glide;
};

/// Voices of one design with a few that differ: other kinds, lanes, numbers that are signals, delays, effects
/// that come from a loop; and some that are divided by a number that may become 0.
Patch random_voices(std::mt19937_64& random);

/// Some of them divide by 0.
std::vector<Move> random_moves(const Patch& patch, std::mt19937_64& random);

struct Played {
  Sound sound;
  std::vector<std::pair<std::string, Frames>> faults;  ///< nodes and times, in order
  bool operator==(const Played&) const = default;
};

/// With as many threads as the plan is for.
Played play_moves(const Patch& patch, const Plan& plan, const std::vector<Move>& moves, Split split);

}  // namespace perigee::test
