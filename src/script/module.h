// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// require(): modules beside the patch, and the library that is built in.

#pragma once

#include <lua.hpp>

#include "script/embedded.h"

namespace perigee {

/// Leaves `require` on the stack. With `trust` it asks Lua's own one last.
void open_modules(lua_State* L, bool trust);

/// Compiles a file of the program's own; its lines never count as the user's. Status of luaL_loadbuffer.
int load_embedded(lua_State* L, const Embedded& file);

}  // namespace perigee
