// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a script asks for outside the engine: wires between other programs' ports, messages of OSC.

#pragma once

#include <lua.hpp>

#include "script/action.h"

namespace perigee {

/// In a loop or callback it is carried out at its beat; else once the patch plays, for a script with a
/// mistake changes nothing.
void ask(lua_State* L, Errand errand);

/// Puts `send` into the inner functions on top of the stack.
void add_errands(lua_State* L);

}  // namespace perigee
