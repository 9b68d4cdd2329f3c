// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JACK's own wires: route(from, to), which is a part of the patch, and jack.ports, jack.connect and
// jack.disconnect, which are done once.

#pragma once

#include <lua.hpp>

namespace perigee {

/// Puts route and jack into the table of names at an index.
void add_routes(lua_State* L, int names);

}  // namespace perigee
