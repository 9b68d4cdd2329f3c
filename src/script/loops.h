// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lua that runs in logical time: what loop() and every() are given goes on at beats of the patch's clock, and
// nothing that it takes to compute moves what it asks for.

#pragma once

#include <lua.hpp>
#include <string>
#include <vector>

#include "patch/patch.h"
#include "script/action.h"
#include "script/task.h"

namespace perigee {

class Session;

/// A task that is run again and again.
struct LuaLoop : LuaTask {
  std::string name;   ///< of the global that holds it, or empty
  double length = 0;  ///< beats from one start to the next
  double start = 0;   ///< the beat at which its body started last, or starts
  bool begun = false;
  double until = kNever;  ///< the beat at which another takes over
  unsigned failures = 0;  ///< in a row
  bool good = false;      ///< a turn has come to its end
  bool kept = false;      ///< another took over; if that fails before it is good, this one plays on
};

/// Puts loop, every and wait into the inner functions on top of the stack.
void add_loops(lua_State* L);

/// Gives each loop the name of the global that holds it. On the script's thread, after a load.
void name_loops(lua_State* L, Session& session);

/// Sets out: at the first turn, counted from beat 0, that is not before this beat. Of a state that is at
/// rest.
void start_loop(Session& session, LuaLoop& loop, double beat);

/// The same for one that is under way.
void restart_loop(Session& session, LuaLoop& loop, double beat);

/// Another takes over where this one's next turn would be; returns that beat, or kNever if it has none.
double hand_over(LuaLoop& loop, double beat);

/// Has a loop go on, at the beat where it is due, until it waits or ends. On the script's thread. One that
/// fails before it is good stops where `has_kept`: then another plays on in its place.
void run_loop(Session& session, std::size_t index, bool has_kept, Played& played);

}  // namespace perigee
