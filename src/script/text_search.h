// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// string.find, match, gmatch and gsub, as LuaJIT has them, save that they can be stopped.

#pragma once

#include <lua.hpp>

namespace perigee {

/// Puts them into the table at an index.
void add_text_search(lua_State* L, int string);

}  // namespace perigee
