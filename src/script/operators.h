// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// + - * / between signals and numbers.

#pragma once

#include <lua.hpp>

namespace perigee {

/// Adds the operators to the metatable on top of the stack.
void open_operators(lua_State* L);

}  // namespace perigee
