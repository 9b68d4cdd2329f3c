// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/guarded.h"

#include "script/session.h"

namespace perigee {

namespace {

/// C functions that can run for hours on a few bytes. No hook interrupts them: if the watchdog has to give
/// the thread up, the line that they were called in is all that is known.
struct Endless {
  const char* library;
  const char* name;
};
constexpr Endless kEndless[] = {
    {"string", "find"}, {"string", "match"}, {"string", "gsub"}, {"table", "sort"}, {"string", "gmatch"}};
constexpr int kGmatch = 4;

/// C that calls Lua that calls C … uses up the thread's own stack, which Lua does not watch.
void check_depth(lua_State* L, const Session& session) {
  if (session.deep()) luaL_error(L, "stack overflow");
}

/// Runs the original in this very frame, so that its messages name what the user called.
template <int which>
int remembered(lua_State* L) {
  Session& session = Session::of(L);
  check_depth(L, session);
  session.remember(L);
  return session.originals[which](L);
}

/// The iterator that string.gmatch made is the upvalue.
int next_match(lua_State* L) {
  Session::of(L).remember(L);
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_call(L, 0, LUA_MULTRET);
  return lua_gettop(L);
}

int gmatch(lua_State* L) {
  Session::of(L).originals[kGmatch](L);
  lua_pushcclosure(L, entry<next_match>, 1);
  return 1;
}

/// coroutine.resume, which is the upvalue.
int resume(lua_State* L) {
  check_depth(L, Session::of(L));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

void keep_original(lua_State* L, Session& session, int which) {
  lua_getglobal(L, kEndless[which].library);
  lua_getfield(L, -1, kEndless[which].name);
  session.originals[which] = lua_tocfunction(L, -1);
  lua_pop(L, 2);
  if (session.originals[which] == nullptr) luaL_error(L, "%s is not a C function", kEndless[which].name);
}

}  // namespace

void guard_libraries(lua_State* L, Session& session, int string, int table, int coroutine) {
  for (int i = 0; i <= kGmatch; ++i) keep_original(L, session, i);
  const auto put = [L](int library, const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, library, name);
  };
  put(string, "find", entry<remembered<0>>);
  put(string, "match", entry<remembered<1>>);
  put(string, "gsub", entry<remembered<2>>);
  put(table, "sort", entry<remembered<3>>);
  put(string, "gmatch", entry<gmatch>);

  lua_getglobal(L, "coroutine");
  lua_getfield(L, -1, "resume");
  lua_pushcclosure(L, entry<resume>, 1);
  lua_setfield(L, coroutine, "resume");
  lua_pop(L, 1);
}

}  // namespace perigee
