// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "plan/wires.h"

namespace perigee {

/// What the end of a wire hears, and how late.
struct Tap {
  Source from;       ///< kNoNode: silence
  Frames delay = 0;  ///< compensation

  bool silent() const { return from.node == kNoNode; }
  bool operator==(const Tap& other) const {
    return from.node == other.from.node && from.output == other.from.output && from.lane == other.from.lane &&
           delay == other.delay;
  }
};

/// By the ends of wires at one node, its inputs and then its parameters. A parameter that is a number has
/// none.
std::vector<std::optional<Tap>> taps_of(const PatchNode& node, std::span<const Wire> wires);

}  // namespace perigee
