// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/lua_value.h"

namespace perigee {

std::string_view text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
}

const void* metatable_of(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || lua_getmetatable(L, index) == 0) return nullptr;
  const void* metatable = lua_topointer(L, -1);
  lua_pop(L, 1);
  return metatable;
}

std::string in_words(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNONE:
      return "nothing";
    case LUA_TNIL:
      return "nil";
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0 ? "true" : "false";
    case LUA_TNUMBER:
      return "a number";
    case LUA_TSTRING:
      return "a text";
    case LUA_TTABLE:
      return "a table";
    case LUA_TFUNCTION:
      return "a function";
    case LUA_TUSERDATA:
      return "a signal";
    case LUA_TTHREAD:
      return "a coroutine";
    default:
      return "this";
  }
}

}  // namespace perigee
