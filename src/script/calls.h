// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Functions, methods and assignments that make and change nodes.

#pragma once

#include <lua.hpp>
#include <string>
#include <string_view>

#include "script/kinds.h"
#include "script/session.h"

namespace perigee {

/// A function that makes a node of a kind, and the method that feeds it a signal.
void push_function(lua_State* L, const Kind& kind);
void push_method(lua_State* L, const Kind& kind);

/// Sets a parameter of a node that is made already, to the value at an index of the stack.
void set_parameter(lua_State* L, const Source& source, std::string_view name, int index);

/// Notes a mistake about a node, in the line that runs.
void note_here(lua_State* L, NodeId node, std::string text);

}  // namespace perigee
