// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What follows a signal: .name and [lane], :kind(…), :set(…), :from(…), :nocomp(), and .name = value.

#pragma once

#include <lua.hpp>

namespace perigee {

class Session;

/// Adds them to the metatable of signals, on top of the stack: a method for every kind.
void open_methods(lua_State* L, Session& session);

/// Pushes the table of methods that belongs to the signal on top of the stack.
void push_methods(lua_State* L);

/// nocomp(signal): the same signal, not lined up with others.
int nocomp(lua_State* L);

}  // namespace perigee
