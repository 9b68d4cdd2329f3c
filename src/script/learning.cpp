// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/learning.h"

#include <fmt/format.h>

#include "patch/learned.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

bool is_false(lua_State* L, int index) {
  return lua_type(L, index) == LUA_TBOOLEAN && lua_toboolean(L, index) == 0;
}

/// learn(), learn(false), learn(param), learn(param, false)
int learn(lua_State* L) {
  Session& session = Session::of(L);
  if (in_task(session) || !session.sent)
    return refuse(L, "learn() is for code that is sent to a patch that plays");
  lua_settop(L, 2);
  if (is_poison(L, 1)) return 0;
  session.learning = Learning{.where = user_place(L)};
  Learning& asked = *session.learning;
  if (lua_isnil(L, 1)) return 0;
  if (is_false(L, 1)) {
    asked.what = Learning::What::end;
    return 0;
  }
  const Source* source = to_signal(L, 1);
  if (source == nullptr) return refuse(L, "learn takes a param, not " + in_words(L, 1));
  const PatchNode& node = session.workshop.patch.nodes[source->node];
  if (!can_learn(node))
    return refuse(L, fmt::format("learn takes a param; this is a {}: what is to be turned is a param, as in "
                                 "x = param{{ 1, 0, 2 }}",
                                 node.spec->kind));
  asked.what = is_false(L, 2) ? Learning::What::forget : Learning::What::begin;
  asked.param = *source;
  return 0;
}

}  // namespace

void add_learning(lua_State* L, int names) {
  lua_pushcfunction(L, entry<learn>);
  lua_setfield(L, names, "learn");
}

}  // namespace perigee
