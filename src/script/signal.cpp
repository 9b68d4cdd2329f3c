// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/signal.h"

#include <fmt/format.h>

#include "script/lua_value.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr const char* kSignals = "perigee.signal";

int equal(lua_State* L) {
  const Source *a = to_signal(L, 1), *b = to_signal(L, 2);
  lua_pushboolean(L, static_cast<int>(a != nullptr && b != nullptr && *a == *b));
  return 1;
}

/// The global that holds the node, as far as names are known by now.
std::string known_name(lua_State* L, const Session& session, NodeId node) {
  for (const std::string& global : session.workshop.globals) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
    lua_pushlstring(L, global.data(), global.size());
    lua_rawget(L, -2);
    const Source* held = to_signal(L, -1);
    lua_pop(L, 2);
    if (held != nullptr && held->node == node && held->output == 0 && held->lane < 0) return global;
  }
  return {};
}

int in_text(lua_State* L) {
  const Source* given = to_signal(L, 1);
  if (given == nullptr) return luaL_error(L, "not a signal");
  Session& session = Session::of(L);
  const Spec& spec = *session.workshop.patch.nodes[given->node].spec;
  {
    const std::string name = known_name(L, session, given->node);
    std::string text = name.empty() ? fmt::format("{}#{}", spec.kind, given->node + 1)
                                    : fmt::format("{} \"{}\"", spec.kind, name);
    if (given->output > 0) text += fmt::format(".{}", spec.out[given->output].name);
    if (given->lane >= 0) text += fmt::format("[{}]", given->lane + 1);
    if (!given->compensated) text += " (nocomp)";
    std::snprintf(session.error, sizeof session.error, "%s", text.c_str());
  }
  lua_pushstring(L, session.error);
  return 1;
}

}  // namespace

void open_signals(lua_State* L, Session& session) {
  luaL_newmetatable(L, kSignals);
  session.signal_metatable = lua_topointer(L, -1);
  lua_pushcfunction(L, entry<equal>);
  lua_setfield(L, -2, "__eq");
  lua_pushcfunction(L, entry<in_text>);
  lua_setfield(L, -2, "__tostring");
  lua_pushliteral(L, "a signal");
  lua_setfield(L, -2, "__metatable");
}

void push_signal(lua_State* L, const Source& source) {
  static_assert(std::is_trivially_destructible_v<Source>, "Lua collects it without a word");
  *static_cast<Source*>(lua_newuserdata(L, sizeof(Source))) = source;
  luaL_getmetatable(L, kSignals);
  lua_setmetatable(L, -2);
}

const Source* to_signal(lua_State* L, int index) {
  const void* metatable = metatable_of(L, index);
  if (metatable == nullptr || metatable != Session::of(L).signal_metatable) return nullptr;
  return static_cast<const Source*>(lua_touserdata(L, index));
}

}  // namespace perigee
