// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The time of a Standard MIDI File: ticks, and what they are in seconds.

#pragma once

#include <cstdint>
#include <vector>

namespace perigee::files {

using Ticks = std::int64_t;

struct TempoChange {
  Ticks at = 0;
  std::uint32_t microseconds = 500000;  ///< for a quarter note
};

/// What a tick is: a part of a quarter note, whose length follows the tempo; or of a second.
struct TickLength {
  double a_quarter = 480;  ///< ticks; 0: they are parts of a second
  double a_second = 0;     ///< ticks of SMPTE time
};

/// Seconds of ticks that are asked for in their order.
class TempoMap {
 public:
  /// Changes in any order; of several at one tick the last holds.
  TempoMap(TickLength length, std::vector<TempoChange> changes);

  /// Of a tick that is not before the one that was asked for last. Never less than the seconds of that one.
  double seconds(Ticks at);

 private:
  double since_change(Ticks at) const;

  TickLength length_;
  std::vector<TempoChange> changes_;
  std::size_t next_ = 0;
  TempoChange now_;
  double seconds_ = 0;  ///< at the change that holds
};

}  // namespace perigee::files
