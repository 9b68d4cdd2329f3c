// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The part of a program that one thread runs: which steps, what they need for themselves and what is found on
// the way. Nothing in it is touched by another thread meanwhile.

#pragma once

#include <vector>

#include "engine/instance.h"
#include "plan/schedule.h"

namespace perigee {

/// A node made NaN or infinity.
struct Fault {
  const Instance* from = nullptr;
  Frames time = 0;  ///< engine time
};

/// A sample at a port was above the limit.
struct Loud {
  Instance* port = nullptr;
  Frames time = 0;     ///< engine time
  float level = 0;     ///< its size
  bool again = false;  ///< hardly had the port sounded again
};

struct Share {
  /// A step, and who has to be how far before it. One share has no turns: it runs all steps.
  struct Turn {
    std::uint32_t step = 0;
    bool awaited = false;  ///< somebody waits for it
    std::span<const Wait> waits;
  };
  std::vector<Turn> turns;
  std::vector<Wait> waits;

  // Room, for the widest step.
  std::vector<Signal> signals;  ///< when a call is split
  std::vector<Control> controls;
  std::vector<Output> bundles;
  std::vector<float> ramps;           ///< kChunk a parameter
  std::vector<float> moving_numbers;  ///< kChunk a parameter of a bank's members, for the largest

  // Found in this period.
  std::vector<Fault> faults;  ///< as many as there is room for
  std::vector<Loud> loud;     ///< likewise
  EventList taken;            ///< events that have taken effect

  std::uint64_t changes = 1;  ///< counts whenever a number is set by this one
  Frames restless_until = 0;  ///< no number moves and no node is muted from here on, as far as this one knows
};

}  // namespace perigee
