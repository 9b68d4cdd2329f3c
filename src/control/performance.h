// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the control thread does while a patch plays: prints what the audio thread and the driver have to say,
// frees what is spent, and waits for the end.

#pragma once

#include <functional>

#include "control/signals.h"
#include "drivers/driver.h"
#include "engine/engine.h"

namespace perigee {

/// Makes a patch a program once more, for another rate.
using Rebuild = std::function<void(double rate)>;

/// "JACK client "perigee", 48000 Hz, 64 frames a period (1.3 ms), latency 240 frames (5.0 ms)", then the
/// ports.
std::string describe(const Driver& driver, const Program& program);

/// Returns when a signal asks for the end. Throws SystemError when the driver calls no more.
void perform(Engine& engine, Driver& driver, const Signals& signals, const Rebuild& rebuild);

}  // namespace perigee
