// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where in the user's own files something happens.

#pragma once

#include <lua.hpp>
#include <string_view>

#include "patch/patch.h"

namespace perigee {

class Session;

inline constexpr const char* kStackOverflow = "stack overflow: functions call each other without end";

/// The line of the innermost running function that the user wrote: functions of Perigee's own Lua are passed
/// over. A tail call (`return f(x)`) leaves no trace in Lua, so there it is the line of the caller. Line 0 if
/// nothing of the user's runs. Raises no error.
Place user_place(lua_State* L);

/// Splits the position that Lua puts before a message, "patch.lua:3: …". Without one: line 0.
Mistake split_message(const Session& session, std::string_view message);

/// The message handler of Session::call: keeps the error as a Mistake while the stack still tells the line.
int keep_failure(lua_State* L);

}  // namespace perigee
