// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the transport is that programs on one server share, as a driver tells it.

#pragma once

#include <cstdint>
#include <optional>

#include "dsp/frames.h"

namespace perigee {

/// What the timebase master says of a frame.
struct TransportBeat {
  double beat = 0;   ///< from 0
  double tempo = 0;  ///< beats a minute
  double grain = 0;  ///< beats; `beat` is rounded down to a multiple of it; 0: it is exact
  double slack = 0;  ///< beats; where it stops so far from where it was expected, it is at no other place
};

struct TransportPosition {
  Frames at = 0;  ///< engine time from which on it holds
  bool rolling = false;
  Frames frame = 0;                        ///< the transport's own
  bool jumped = false;                     ///< it has not come here by rolling
  std::optional<TransportBeat> beat = {};  ///< of `frame`, if there is a timebase master
  int period = 0;                          ///< frames until it is looked at again
  std::uint32_t era = 0;                   ///< in which Engine::let_go was called last
  std::uint32_t number = 0;                ///< of what was told
};

/// Who leads the transport says so many beats a minute, in bars of so many beats.
struct TransportLead {
  double tempo = 120;
  double beats_per_bar = 4;
};

}  // namespace perigee
