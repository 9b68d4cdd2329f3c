// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/globals.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <unordered_set>

#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

/// A global gets its first value.
int assign(lua_State* L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    Session& session = Session::of(L);
    const std::string key(text_at(L, 2));
    if (session.workshop.assigned.try_emplace(key, user_place(L)).second) {
      session.workshop.globals.push_back(key);
      session.charge(2 * (sizeof(std::string) + key.size()));
    }
  }
  lua_rawset(L, 1);
  return 0;
}

/// The local variable with nearly that name, in the function that reads it.
std::string local_like(lua_State* L, std::string_view name) {
  lua_Debug frame;
  if (lua_getstack(L, 1, &frame) == 0) return {};
  std::vector<std::string_view> names;
  for (int i = 1; const char* local = lua_getlocal(L, &frame, i); ++i) {
    names.emplace_back(local);
    lua_pop(L, 1);
  }
  return std::string(nearest(name, names));
}

/// A name is read that nobody has set.
int undefined(lua_State* L) {
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  Session& session = Session::of(L);
  Workshop& workshop = session.workshop;
  const std::string_view key = text_at(L, 2);
  if (workshop.assigned.contains(std::string(key))) return 0;  // set to nil on purpose
  if (in_task(session)) {
    std::vector<std::string_view> names(workshop.globals.begin(), workshop.globals.end());
    throw std::runtime_error(fmt::format("{} is not defined{}", key, did_you_mean(key, names)));
  }
  workshop.poisoned = true;
  workshop.note(kNoNode, user_place(L), fmt::format("{} is not defined", key));
  for (Note& note : workshop.notes) {
    if (!note.unset.empty() || note.text != fmt::format("{} is not defined", key)) continue;
    note.unset = key;
    note.hint = local_like(L, key);
  }
  return push_poison(L);
}

/// Of Lua, but not of a script's that is not trusted.
constexpr std::string_view kWithTrust[] = {"debug",    "dofile",     "getfenv", "io",     "load",
                                           "loadfile", "loadstring", "package", "setfenv"};

/// What to do about a global that is read before it has a value. It is on top of the stack, as it is at the
/// end.
std::string value_later(lua_State* L, const Note& note, const Place& later) {
  if (later == note.where) return fmt::format(" yet: it needs a value before, as in {} = 0", note.unset);
  const bool is_signal = lua_type(L, -1) == LUA_TUSERDATA;
  return fmt::format(" yet: it gets its value in line {}{}{}", later.line,
                     later.file == note.where.file ? "" : " of " + later.file,
                     is_signal ? "; what comes back goes through feedback()" : "");
}

/// Strings at the keys of a table; they live as long as it.
void add_keys(lua_State* L, int table, std::vector<std::string_view>& names) {
  for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1))
    if (lua_type(L, -2) == LUA_TSTRING) names.push_back(text_at(L, -2));
}

}  // namespace

void open_globals(lua_State* L, Session& session) {
  const int names = lua_gettop(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, entry<undefined>);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, names);

  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_setfield(L, names, "_G");
  lua_pushvalue(L, -1);
  session.globals_ref = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_createtable(L, 0, 3);
  lua_pushvalue(L, names);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, entry<assign>);
  lua_setfield(L, -2, "__newindex");
  lua_pushliteral(L, "globals");
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_replace(L, LUA_GLOBALSINDEX);
  lua_settop(L, names);
}

void name_nodes(lua_State* L, Session& session) {
  auto& nodes = session.workshop.patch.nodes;
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  for (const std::string& global : session.workshop.globals) {
    lua_pushlstring(L, global.data(), global.size());
    lua_rawget(L, -2);
    const Source* held = to_signal(L, -1);
    lua_pop(L, 1);
    if (held != nullptr && held->output == 0 && held->lane < 0 && nodes[held->node].name.empty())
      nodes[held->node].name = global;
  }
  lua_pop(L, 1);
  std::unordered_set<std::string> taken;
  for (const PatchNode& node : nodes)
    if (!node.name.empty()) taken.insert(node.name);
  for (PatchNode& node : nodes) {
    if (!node.name.empty() || (node.spec->role != Role::input && node.spec->role != Role::output)) continue;
    const auto& port = std::get<std::string>(node.fixed[0]);  // "?1" stands for one that is not known
    if (!port.empty() && !port.starts_with('?') && taken.insert(port).second) node.name = port;
  }
}

void finish_notes(lua_State* L, Session& session) {
  std::vector<std::string_view> names;
  for (const std::string& global : session.workshop.globals) names.emplace_back(global);
  const int top = lua_gettop(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  if (lua_getmetatable(L, top + 1) != 0) {
    lua_pushliteral(L, "__index");
    lua_rawget(L, top + 2);
    add_keys(L, top + 3, names);
  }
  for (Note& note : session.workshop.notes) {
    if (note.unset.empty()) continue;
    const auto later = session.workshop.assigned.find(note.unset);
    if (later != session.workshop.assigned.end()) {
      lua_pushlstring(L, note.unset.data(), note.unset.size());
      lua_rawget(L, top + 1);
      note.text += value_later(L, note, later->second);
      lua_pop(L, 1);
    } else if (!session.options.trust && std::ranges::count(kWithTrust, note.unset) > 0) {
      note.text += kTrust;
    } else {
      const std::string_view known = nearest(note.unset, names);
      const bool local = !note.hint.empty() && (known.empty() || edit_distance(note.unset, note.hint) <=
                                                                     edit_distance(note.unset, known));
      if (local || !known.empty()) note.text += fmt::format(": did you mean {}?", local ? note.hint : known);
    }
    note.unset.clear();
  }
  lua_settop(L, top);
}

}  // namespace perigee
