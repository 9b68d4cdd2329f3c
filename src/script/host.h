// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Perigee's own functions.

#pragma once

#include <lua.hpp>

namespace perigee {

class Session;

/// Puts print, help, nocomp, tempo, latency … into the table of names at an index.
void add_host(lua_State* L, Session& session, int names);

/// Leaves a table of what only lua/api/*.lua may call.
void push_inner_functions(lua_State* L);

}  // namespace perigee
