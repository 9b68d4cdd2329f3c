// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Functions of Lua's own libraries that could hang or crash the host, with what keeps them from it.

#pragma once

#include <lua.hpp>

namespace perigee {

class Session;

/// Takes the originals from Lua's global tables, and puts guarded ones into the tables on the stack:
/// `string`, `table` and `coroutine`, at these indices.
void guard_libraries(lua_State* L, Session& session, int string, int table, int coroutine);

}  // namespace perigee
