// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names that a script sees: its own globals, and behind them Perigee's.

#pragma once

#include <lua.hpp>

namespace perigee {

class Session;

/// Takes the table of Perigee's names from the top of the stack, and makes the table of globals in front of
/// it.
void open_globals(lua_State* L, Session& session);

/// Names each node after the global that holds it. A node with a port and no global is called like its port.
void name_nodes(lua_State* L, Session& session);

/// Settles the hints for names that were read before they were set.
void finish_notes(lua_State* L, Session& session);

}  // namespace perigee
