// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// + - * / between signals and numbers.

#pragma once

#include <lua.hpp>
#include <string_view>

namespace perigee {

inline constexpr std::string_view kNoComparing =
    "signals cannot be compared: while the script runs, nothing sounds yet";

/// Adds the operators to the metatable of signals, on top of the stack.
void open_operators(lua_State* L);

}  // namespace perigee
