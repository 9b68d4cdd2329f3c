// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/copied_globals.h"

#include <utility>

#include "script/session.h"

namespace perigee {

namespace {

/// Copies the table on top of the stack into a new one.
void copy_table(lua_State* L) {
  lua_newtable(L);
  for (lua_pushnil(L); lua_next(L, -3) != 0;) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

int copy(lua_State* L) {
  Session& session = Session::of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  copy_table(L);
  session.before_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

int restore(lua_State* L) {
  const Session& session = Session::of(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.before_ref);
  const int now = lua_gettop(L) - 1, before = now + 1;
  for (lua_pushnil(L); lua_next(L, now) != 0;) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, -1);
    lua_rawget(L, before);
    lua_rawset(L, now);  // a key that is there already: the walk goes on
  }
  for (lua_pushnil(L); lua_next(L, before) != 0;) {  // what the code took away
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, now);
  }
  return 0;
}

/// Names that are no more are to be undefined again.
void forget_names(Session& session, std::size_t known) {
  Workshop& workshop = session.workshop;
  for (std::size_t i = known; i < workshop.globals.size(); ++i) workshop.assigned.erase(workshop.globals[i]);
  workshop.globals.resize(std::min(known, workshop.globals.size()));
}

}  // namespace

bool copy_globals(Session& session) {
  session.names_before = session.workshop.globals.size();
  const int status = lua_cpcall(session.lua, entry<copy>, nullptr);
  lua_settop(session.lua, 0);
  return status == 0;
}

void drop_copy(Session& session) {
  settle_answers(session, true);
  luaL_unref(session.lua, LUA_REGISTRYINDEX, std::exchange(session.before_ref, LUA_NOREF));
}

void put_back_copy(Session& session) {
  std::erase_if(session.loops.all, [](const LuaLoop& loop) { return !loop.begun; });
  settle_answers(session, false);
  if (session.before_ref == LUA_NOREF) return;
  lua_cpcall(session.lua, entry<restore>, nullptr);
  lua_settop(session.lua, 0);
  forget_names(session, session.names_before);
  drop_copy(session);
}

}  // namespace perigee
