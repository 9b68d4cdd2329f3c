// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lua that goes on in logical time, at one beat after the other: the bodies of loops, and callbacks.

#pragma once

#include <limits>
#include <lua.hpp>
#include <span>
#include <string>

#include "patch/patch.h"
#include "script/action.h"
#include "script/pace.h"

namespace perigee {

class Session;

inline constexpr double kNever = std::numeric_limits<double>::infinity();

struct LuaTask {
  Place where;
  double due = 0;            ///< the beat at which it goes on; kNever: not at all
  int function = LUA_NOREF;  ///< in Lua's registry, as the next:
  int thread = LUA_NOREF;    ///< the coroutine that waits; without one, the function starts anew
  Pace pace = {};
};

/// What came of it that a task went on.
struct Progress {
  enum class What { waits, ended, failed } what = What::waits;
  double beats = 0;       ///< that it waits
  std::string text = {};  ///< why it failed
  Place where = {};       ///< and where
};

// On the script's thread.

/// A task is about to go on. Whether it gets anywhere: if not, it has no coroutine any more.
bool gets_on(Session& session, LuaTask& task);
inline constexpr const char* kGetsNowhere = "it waits for no time, again and again";

/// Has a task go on at the beat where it is due; its function starts with those values. What it asks for is
/// added to `played`. One that has ended or failed has no coroutine any more.
Progress go_on(Session& session, LuaTask& task, std::span<const PlainValue> values, Played& played);

/// Of a task that runs: adds to what it asks for. Throws std::runtime_error if that is too much at one beat.
void add_action(Session& session, Action action);

/// The coroutine is not wanted any more.
void drop_thread(lua_State* L, LuaTask& task);

/// Whether Lua runs for a task rather than for a load.
bool in_task(const Session& session);

/// Puts wait and now into the inner functions on top of the stack.
void add_waiting(lua_State* L);

}  // namespace perigee
