// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Perigee's own functions.

#pragma once

#include <lua.hpp>
#include <string_view>

namespace perigee {

class Session;

/// Puts print, help, ls, undo, nocomp, tempo, latency … into the table of names at an index.
void add_host(lua_State* L, Session& session, int names);

/// Has the thread that waits print a line.
void print_line(Session& session, std::string_view line);

/// Leaves a table of what only lua/api/*.lua may call.
void push_inner_functions(lua_State* L);

}  // namespace perigee
