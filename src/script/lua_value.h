// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stands on Lua's stack, read without raising an error.

#pragma once

#include <lua.hpp>
#include <string>
#include <string_view>

namespace perigee {

/// A text at an index of the stack, as long as it stays there.
std::string_view text_at(lua_State* L, int index);
/// The identity of a userdata's metatable, or nullptr.
const void* metatable_of(lua_State* L, int index);
/// What a value is, in words: "a signal", "nil", "a table".
std::string in_words(lua_State* L, int index);

}  // namespace perigee
