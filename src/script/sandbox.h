// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a script may call.

#pragma once

#include <lua.hpp>

namespace perigee {

class Session;

/// Opens a fresh state: libraries, kinds, Perigee's own functions, globals. An entry for lua_cpcall.
int open_sandbox(lua_State* L);

}  // namespace perigee
