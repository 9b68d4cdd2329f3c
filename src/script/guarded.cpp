// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/guarded.h"

#include <algorithm>

#include "script/session.h"
#include "script/text_search.h"
#include "script/watchdog.h"

namespace perigee {

namespace {

/// table.insert() at a place so far before a table's end moves no more than that; beyond, it makes no sense.
constexpr lua_Integer kFirstPlace = -65536;

/// C that calls Lua that calls C … uses up the thread's own stack, which Lua does not watch.
void check_depth(lua_State* L) {
  if (Session::of(L).deep()) luaL_error(L, "stack overflow");
}

/// Compares as < does, for table.sort(), which alone would be deaf for as long as it takes to sort all that
/// memory holds; in a bad order that is days.
int is_less(lua_State* L) {
  stop_if_wanted(L);
  lua_pushboolean(L, lua_lessthan(L, 1, 2));
  return 1;
}

/// A function of C as the order, which is the upvalue: no hook is called in it.
int is_before(lua_State* L) {
  stop_if_wanted(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

/// The original runs in this very frame, so that its messages name what the user called.
int sort(lua_State* L) {
  check_depth(L);
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    lua_pushcfunction(L, entry<is_less>);
  } else if (lua_iscfunction(L, 2) != 0) {
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, entry<is_before>, 1);
    lua_replace(L, 2);
  }
  return Session::of(L).sort(L);
}

int insert(lua_State* L) {
  if (lua_gettop(L) == 3 && lua_istable(L, 1) && lua_isnumber(L, 2) != 0 &&
      !(lua_tonumber(L, 2) >= kFirstPlace && lua_tonumber(L, 2) <= INT32_MAX))
    luaL_argerror(L, 2, "position out of bounds");
  return Session::of(L).insert(L);
}

/// coroutine.resume, which is the upvalue.
int resume(lua_State* L) {
  check_depth(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

lua_CFunction original(lua_State* L, const char* library, const char* name) {
  lua_getglobal(L, library);
  lua_getfield(L, -1, name);
  const lua_CFunction function = lua_tocfunction(L, -1);
  lua_pop(L, 2);
  if (function == nullptr) luaL_error(L, "%s is not a C function", name);
  return function;
}

}  // namespace

void guard_libraries(lua_State* L, Session& session, int string, int table, int coroutine) {
  session.sort = original(L, "table", "sort");
  session.insert = original(L, "table", "insert");
  add_text_search(L, string);
  const auto put = [L](int library, const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, library, name);
  };
  put(table, "sort", entry<sort>);
  put(table, "insert", entry<insert>);

  lua_getglobal(L, "coroutine");
  lua_getfield(L, -1, "resume");
  lua_pushcclosure(L, entry<resume>, 1);
  lua_setfield(L, coroutine, "resume");
  lua_pop(L, 1);
}

}  // namespace perigee
