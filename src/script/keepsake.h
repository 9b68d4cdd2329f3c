// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What outlives a save: the plain values in the script's table `state`, taken out of one Lua state and put
// into the next.

#pragma once

#include <lua.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace perigee {

class Session;

/// Tables are numbers into a list, so that they may hold each other. The first is `state` itself.
struct Keepsake {
  struct Table {
    std::size_t index;
  };
  using Plain = std::variant<bool, double, std::string, Table>;
  std::vector<std::vector<std::pair<Plain, Plain>>> tables;
};

/// Of a state that is at rest. Functions, signals and metatables are left behind. Throws std::bad_alloc.
Keepsake take_keepsake(Session& session);

/// Puts it into `state` of a state that is at rest.
void give_keepsake(Session& session, const Keepsake& keepsake);

/// Pushes a table that holds it. May raise Lua's "not enough memory".
void push_keepsake(lua_State* L, const Keepsake& keepsake);

}  // namespace perigee
