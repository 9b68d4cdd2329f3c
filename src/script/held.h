// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signals that a script can still get at.

#pragma once

#include <lua.hpp>
#include <string>
#include <utility>
#include <vector>

#include "patch/patch.h"

namespace perigee {

class Session;

/// Globals that hold signals, in the order of their first assignment.
std::vector<std::pair<std::string, Source>> global_signals(lua_State* L, const Session& session);

/// By node: whether a signal of it is held by a global, or by a table, function or coroutine that can be
/// reached from one or from what C++ holds. What copies of the globals hold (Session::before) does not count.
/// May raise "not enough memory".
std::vector<bool> held_nodes(lua_State* L, const Session& session);

}  // namespace perigee
