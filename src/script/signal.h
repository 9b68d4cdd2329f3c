// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signals as values in Lua: one output of a node, or a lane of it.

#pragma once

#include <lua.hpp>

#include "patch/patch.h"

namespace perigee {

class Session;

/// Makes their metatable, and leaves it on the stack for methods and operators.
void open_signals(lua_State* L, Session& session);

void push_signal(lua_State* L, const Source& source);
/// The signal at an index of the stack, or nullptr. Raises no error.
const Source* to_signal(lua_State* L, int index);

}  // namespace perigee
