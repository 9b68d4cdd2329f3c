// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signals as values in Lua, and the value that stands for whatever could not be made.

#pragma once

#include <lua.hpp>
#include <string>

#include "patch/patch.h"

namespace perigee {

class Session;

/// Makes the metatables of both, with a method for every kind.
void open_signals(lua_State* L, Session& session);

void push_signal(lua_State* L, const Source& source);
/// The signal at an index of the stack, or nullptr. Raises no error.
const Source* to_signal(lua_State* L, int index);

/// The result of a mistake that has been noted: it can be called, indexed, calculated with and passed on as a
/// signal or number without another word, so that independent mistakes further down are found too.
int push_poison(lua_State* L);
bool is_poison(lua_State* L, int index);

/// Wires something in where a signal is missing for a mistake already noted.
Source stand_in(Session& session);

/// What a value is, in words: "a signal", "nil", "a table".
std::string in_words(lua_State* L, int index);

/// nocomp(signal): the same signal, not lined up with others.
int nocomp(lua_State* L);

/// Notes a mistake in the line that runs, and leaves poison.
int refuse(lua_State* L, std::string text);

}  // namespace perigee
