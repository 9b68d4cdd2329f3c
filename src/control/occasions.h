// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happens outside, as a script is told of it: which name it goes by, and what its function is given. See
// lua/api/midi.lua and outside.lua. Pure.

#pragma once

#include "control/osc_packet.h"
#include "drivers/driver.h"
#include "engine/program.h"
#include "node/message.h"
#include "script/action.h"

namespace perigee {

/// A note's key (0 … 127), velocity (0 … 1; 0: released) and channel (1 … 16); a controller's number, value
/// (0 … 1) and channel; and so on.
Occasion occasion_of(const MidiBinding& port, const Message& message);
/// The values, "" for one of a type that nobody here has a use for.
Occasion occasion_of(const OscMessage& message);
/// A port's name, and whether it is there; of a wire its two ports, and whether it is there.
Occasion occasion_of(const PortChange& change);

}  // namespace perigee
