// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// learn(): a param's controller is the next one that is turned.

#pragma once

#include <lua.hpp>

namespace perigee {

/// Puts learn into the table of names at an index.
void add_learning(lua_State* L, int names);

}  // namespace perigee
