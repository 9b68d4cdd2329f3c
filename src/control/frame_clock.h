// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which frame the engine computes at a time of the system's clock. The engine's time goes in jumps of a
// period, and whoever looks at it looks late now and then: the line along the tops of what is seen is the
// truth, and frames by it lie evenly. Pure.

#pragma once

#include <cstdint>

#include "engine/event.h"

namespace perigee {

class FrameClock {
 public:
  /// The engine's time was read, and after that the clock, in nanoseconds.
  void observe(Frames now, std::int64_t clock, double rate);
  /// After the first observation.
  Frames at(std::int64_t clock) const;

 private:
  double position(std::int64_t clock) const;

  double rate_ = 0;          ///< Hz; 0: nothing was observed
  std::int64_t anchor_ = 0;  ///< a time of the clock, and …
  double frames_ = 0;        ///< … its frame
  double highest_ = 0;       ///< how far above the line anything was, since …
  std::int64_t since_ = 0;   ///< … this time
};

}  // namespace perigee
