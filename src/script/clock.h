// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// clock(): whose beats the patch counts.

#pragma once

#include <lua.hpp>

namespace perigee {

/// Puts clock into the table of names at an index.
void add_clock(lua_State* L, int names);

}  // namespace perigee
