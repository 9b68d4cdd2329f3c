// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/held.h"

#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

/// Two tables: what has been met, and what is still to be looked into. Recursion would be as deep as lists
/// are long.
class HeldSearch {
 public:
  HeldSearch(lua_State* L, std::size_t nodes) : L_(L), held_(nodes) {
    luaL_checkstack(L, 20, "too many values");
    lua_newtable(L);
    met_ = lua_gettop(L);
    lua_newtable(L);
    open_ = lua_gettop(L);
  }

  /// Takes the value off the top of the stack.
  void meet() {
    const int type = lua_type(L_, -1);
    if (const Source* source = to_signal(L_, -1)) {
      if (source->node < held_.size()) held_[source->node] = true;
    } else if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TTHREAD) {
      lua_pushvalue(L_, -1);
      lua_rawget(L_, met_);
      const bool known = !lua_isnil(L_, -1);
      lua_pop(L_, 1);
      if (!known) {
        lua_pushvalue(L_, -1);
        lua_pushboolean(L_, 1);
        lua_rawset(L_, met_);
        lua_pushvalue(L_, -1);
        lua_rawseti(L_, open_, ++count_);
      }
    }
    lua_pop(L_, 1);
  }

  std::vector<bool> result() {
    while (count_ > 0) {
      lua_rawgeti(L_, open_, count_);
      lua_pushnil(L_);
      lua_rawseti(L_, open_, count_--);
      look_into(lua_gettop(L_));
      lua_pop(L_, 1);
    }
    return std::move(held_);
  }

 private:
  void look_into(int at) {
    if (lua_type(L_, at) == LUA_TTABLE) {
      if (lua_getmetatable(L_, at) != 0) meet();
      for (lua_pushnil(L_); lua_next(L_, at) != 0;) {
        meet();
        lua_pushvalue(L_, -1);  // keys hold, too
        meet();
      }
    } else if (lua_type(L_, at) == LUA_TFUNCTION) {
      for (int i = 1; lua_getupvalue(L_, at, i) != nullptr; ++i) meet();
      lua_getfenv(L_, at);
      meet();
    } else {
      look_into(lua_tothread(L_, at));
    }
  }

  /// What is on a coroutine's stack, and the local variables of those that wait below.
  void look_into(lua_State* thread) {
    if (thread == L_ || lua_checkstack(thread, 2) == 0) return;
    const int values = lua_gettop(thread);
    for (int i = 1; i <= values; ++i) {
      lua_pushvalue(thread, i);
      lua_xmove(thread, L_, 1);
      meet();
    }
    lua_Debug frame;
    for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level) {
      for (int i = 1; lua_getlocal(thread, &frame, i) != nullptr; ++i) {
        lua_xmove(thread, L_, 1);
        meet();
      }
      if (lua_getinfo(thread, "f", &frame) == 0) continue;
      lua_xmove(thread, L_, 1);
      meet();
    }
  }

  lua_State* L_;
  std::vector<bool> held_;
  int met_ = 0, open_ = 0;
  int count_ = 0;
};

}  // namespace

std::vector<std::pair<std::string, Source>> global_signals(lua_State* L, const Session& session) {
  std::vector<std::pair<std::string, Source>> signals;
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  for (const std::string& name : session.workshop.globals) {
    lua_pushlstring(L, name.data(), name.size());
    lua_rawget(L, -2);
    if (const Source* source = to_signal(L, -1)) signals.emplace_back(name, *source);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return signals;
}

std::vector<bool> held_nodes(lua_State* L, const Session& session) {
  const int top = lua_gettop(L);
  HeldSearch walk(L, session.workshop.patch.nodes.size());
  for (lua_pushnil(L); lua_next(L, LUA_REGISTRYINDEX) != 0;) {
    if (lua_type(L, -2) == LUA_TNUMBER && lua_tointeger(L, -2) == session.before_ref)
      lua_pop(L, 1);
    else
      walk.meet();
  }
  auto held = walk.result();
  lua_settop(L, top);
  return held;
}

}  // namespace perigee
