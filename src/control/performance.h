// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the control thread does while a patch plays: prints what the audio thread and the driver have to say,
// frees what is spent, and waits for the end.

#pragma once

#include <functional>

#include "control/live_patch.h"
#include "control/loop.h"
#include "control/signals.h"
#include "control/turns.h"
#include "drivers/driver.h"
#include "engine/engine.h"

namespace perigee {

/// "JACK client "perigee", 48000 Hz, 64 frames a period (1.3 ms), latency 240 frames (5.0 ms)", then the
/// ports.
std::string describe(const Driver& driver, const Patch& patch, const Plan& plan);

/// What a performance is asked for, all on the control thread.
struct Wishes {
  std::function<bool()> attend;          ///< every few milliseconds; true: again soon
  std::function<void()> reload = [] {};  ///< SIGHUP, or a watched file was saved
  std::function<void()> undo = [] {}, redo = [] {};
  std::function<void(double rate)> change_rate;  ///< everything has to be built again, for so many Hz
  Watch* watch = nullptr;                        ///< files to reload for
  std::function<void(const Report&)> hear = [](const Report&) {};  ///< of the engine
  /// Periods came too late, and the patch took so much of one at most; 1 is all of it.
  std::function<void(unsigned periods, float share)> late = [](unsigned, float) {};
  std::function<void(const PortChange&)> follow = [](const PortChange&) {};  ///< ports of all programs
};

/// What a patch that follows its file wishes: saves, undo and redo take turns, and are answered in a line,
/// `verbose` with which nodes were kept.
Wishes wishes_of(LivePatch& patch, Turns& turns, double ahead, bool watch, bool verbose);

/// Plays until a signal asks for the end. Throws SystemError when the driver calls no more.
void perform(Loop& loop, Engine& engine, Driver& driver, const Signals& signals, const Wishes& wishes);

}  // namespace perigee
