// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/poison.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "script/lua_value.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr const char* kPoison = "perigee.undefined";

int nothing(lua_State*) { return 0; }
int itself(lua_State* L) { return push_poison(L); }
int zero(lua_State* L) {
  lua_pushinteger(L, 0);
  return 1;
}
int question_mark(lua_State* L) {
  lua_pushliteral(L, "?");
  return 1;
}

void on(lua_State* L, const char* event, lua_CFunction function) {
  lua_pushcfunction(L, function);
  lua_setfield(L, -2, event);
}

}  // namespace

void open_poison(lua_State* L, Session& session) {
  lua_newuserdata(L, 1);
  lua_newtable(L);
  session.poison_metatable = lua_topointer(L, -1);
  for (const char* event :
       {"__index", "__call", "__concat", "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm"})
    on(L, event, itself);
  on(L, "__newindex", nothing);
  on(L, "__len", zero);
  on(L, "__tostring", question_mark);
  lua_pushliteral(L, "undefined");
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, kPoison);
}

int push_poison(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, kPoison);
  return 1;
}

bool is_poison(lua_State* L, int index) {
  const void* metatable = metatable_of(L, index);
  return metatable != nullptr && metatable == Session::of(L).poison_metatable;
}

int refuse(lua_State* L, std::string text) {
  if (in_task(Session::of(L))) throw std::runtime_error(text);
  // The text is gone before Lua is asked for anything that may raise an error.
  Session::of(L).workshop.note(kNoNode, user_place(L), std::move(text));
  return push_poison(L);
}

Source stand_in(Session& session) {
  // Any node with an output will do: a patch with mistakes never sounds.
  Workshop& workshop = session.workshop;
  const auto fits = [](const Kind& kind) {
    return !kind.spec->out.empty() && kind.spec->in.empty() && kind.spec->role == Role::process &&
           std::ranges::none_of(kind.spec->fixed, &Fixed::required);
  };
  const auto kind = std::ranges::find_if(session.kinds.all(), fits);
  if (workshop.stand_in == kNoNode && kind != session.kinds.all().end()) {
    workshop.stand_in = static_cast<NodeId>(workshop.patch.nodes.size());
    PatchNode node = blank(*kind->spec);
    for (std::size_t i = 0; i < node.params.size(); ++i)
      if (std::isnan(kind->spec->params[i].initial)) node.params[i] = kind->spec->params[i].min;
    workshop.patch.nodes.push_back(std::move(node));
  }
  return {.node = workshop.stand_in};
}

}  // namespace perigee
