// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/keepsake.h"

#include <algorithm>
#include <map>
#include <optional>

#include "script/lua_value.h"
#include "script/session.h"

namespace perigee {

namespace {

/// Reads without changing anything but the stack, so that nothing can be raised.
class Reader {
 public:
  explicit Reader(lua_State* L) : L_(L) {}

  /// The table on top of the stack, and all that it leads to.
  Keepsake read() {
    keep(-1);
    while (next_ < open_.size()) {
      lua_rawgeti(L_, LUA_REGISTRYINDEX, open_[next_]);
      const std::size_t table = next_++;
      for (lua_pushnil(L_); lua_next(L_, -2) != 0; lua_pop(L_, 1)) {
        const auto key = plain(-2), value = plain(-1);
        if (key && value) keepsake_.tables[table].emplace_back(*key, *value);
      }
      lua_pop(L_, 1);
    }
    for (const int reference : open_) luaL_unref(L_, LUA_REGISTRYINDEX, reference);
    return std::move(keepsake_);
  }

 private:
  std::size_t keep(int at) {
    const auto [known, is_new] = numbers_.emplace(lua_topointer(L_, at), open_.size());
    if (is_new) {
      lua_pushvalue(L_, at);
      open_.push_back(luaL_ref(L_, LUA_REGISTRYINDEX));
      keepsake_.tables.emplace_back();
    }
    return known->second;
  }

  std::optional<Keepsake::Plain> plain(int at) {
    switch (lua_type(L_, at)) {
      case LUA_TBOOLEAN:
        return lua_toboolean(L_, at) != 0;
      case LUA_TNUMBER:
        return lua_tonumber(L_, at);
      case LUA_TSTRING:
        return std::string(text_at(L_, at));
      case LUA_TTABLE:
        return Keepsake::Table{keep(at)};
      default:
        return std::nullopt;
    }
  }

  lua_State* L_;
  Keepsake keepsake_;
  std::map<const void*, std::size_t> numbers_;
  std::vector<int> open_;  ///< references to the tables
  std::size_t next_ = 0;
};

struct Job {
  Session& session;
  Keepsake keepsake;
};

int take(lua_State* L) {
  auto& job = *static_cast<Job*>(lua_touserdata(L, 1));
  lua_rawgeti(L, LUA_REGISTRYINDEX, job.session.globals_ref);
  lua_getfield(L, -1, "state");
  if (lua_istable(L, -1)) job.keepsake = Reader(L).read();
  return 0;
}

struct Gift {
  Session& session;
  const Keepsake& keepsake;
};

/// Into the script's own global, if it made one, or where the sandbox put it.
int give(lua_State* L) {
  const auto& gift = *static_cast<const Gift*>(lua_touserdata(L, 1));
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, gift.session.globals_ref);
  lua_pushliteral(L, "state");
  lua_rawget(L, 1);
  if (lua_isnil(L, -1) && lua_getmetatable(L, 1) != 0) {
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    lua_replace(L, 1);
  }
  lua_pushliteral(L, "state");
  push_keepsake(L, gift.keepsake);
  lua_rawset(L, 1);
  return 0;
}

void push(lua_State* L, const Keepsake::Plain& plain, int tables) {
  if (const auto* truth = std::get_if<bool>(&plain)) {
    lua_pushboolean(L, *truth ? 1 : 0);
  } else if (const auto* number = std::get_if<double>(&plain)) {
    lua_pushnumber(L, *number);
  } else if (const auto* text = std::get_if<std::string>(&plain)) {
    lua_pushlstring(L, text->data(), text->size());
  } else {
    lua_rawgeti(L, tables, static_cast<int>(std::get<Keepsake::Table>(plain).index) + 1);
  }
}

}  // namespace

Keepsake take_keepsake(Session& session) {
  Job job{session, {}};
  if (session.lua != nullptr && session.globals_ref != LUA_NOREF) {
    lua_cpcall(session.lua, entry<take>, &job);
    lua_settop(session.lua, 0);
  }
  return std::move(job.keepsake);
}

void give_keepsake(Session& session, const Keepsake& keepsake) {
  Gift gift{session, keepsake};
  lua_cpcall(session.lua, entry<give>, &gift);
  lua_settop(session.lua, 0);
}

void push_keepsake(lua_State* L, const Keepsake& keepsake) {
  lua_newtable(L);
  const int tables = lua_gettop(L);
  const std::size_t count = std::max<std::size_t>(keepsake.tables.size(), 1);
  for (std::size_t i = 0; i < count; ++i) {
    lua_newtable(L);
    lua_rawseti(L, tables, static_cast<int>(i) + 1);
  }
  for (std::size_t i = 0; i < keepsake.tables.size(); ++i) {
    lua_rawgeti(L, tables, static_cast<int>(i) + 1);
    for (const auto& [key, value] : keepsake.tables[i]) {
      push(L, key, tables);
      push(L, value, tables);
      lua_rawset(L, -3);
    }
    lua_pop(L, 1);
  }
  lua_rawgeti(L, tables, 1);
  lua_remove(L, tables);
}

}  // namespace perigee
