// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The value that stands for whatever could not be made: it can be called, indexed, calculated with and passed
// on as a signal or number without another word, so that independent mistakes further down are found too.

#pragma once

#include <lua.hpp>
#include <string>

#include "patch/patch.h"

namespace perigee {

class Session;

void open_poison(lua_State* L, Session& session);

/// The result of a mistake that has been noted.
int push_poison(lua_State* L);
bool is_poison(lua_State* L, int index);

/// Notes a mistake in the line that runs, and leaves poison. In a loop there is nobody to read notes: there
/// it throws std::runtime_error, which ends the loop's turn.
int refuse(lua_State* L, std::string text);

/// Wires something in where a signal is missing for a mistake already noted.
Source stand_in(Session& session);

}  // namespace perigee
