// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Callbacks: what a script does when something happens outside, as it says by keys:on, osc.on and jack.on.

#pragma once

#include <lua.hpp>
#include <map>
#include <string>

#include "script/task.h"

namespace perigee {

/// The function for an occasion.
struct Answer {
  Place where;
  int function = LUA_NOREF;  ///< in Lua's registry
  unsigned failures = 0;     ///< in a row
  double cost = 0;           ///< seconds of processors, since somebody asked
};

/// By occasion.
using Answers = std::map<std::string, Answer, std::less<>>;

/// One that was called and waits.
struct LuaCall : LuaTask {
  std::string occasion;
};

/// Puts `on` into the inner functions on top of the stack.
void add_answers(lua_State* L);

/// Of a state that is at rest: the function for an occasion is called no more.
void end_answers(Session& session, const std::string& occasion);

/// Of a state that is at rest: what `on` said since the last time holds, or what was before it.
void settle_answers(Session& session, bool keep);

// On the script's thread.

/// Calls the function for an occasion, if there is one; what it asks for is at that beat, or at those that it
/// waits for.
void answer(Session& session, const Occasion& occasion, double beat, Played& played);
/// A call that waited goes on.
void go_on_call(Session& session, std::size_t index, Played& played);

}  // namespace perigee
