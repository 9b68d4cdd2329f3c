// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch says of its signals for the day when it is edited.

#pragma once

#include <lua.hpp>

namespace perigee {

/// signal:as("name"): later saves find the node by this name.
int pin(lua_State* L);

/// signal:fade(seconds): how long it takes to come and go.
int fade(lua_State* L);

}  // namespace perigee
