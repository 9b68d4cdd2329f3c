// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/operators.h"

#include <fmt/format.h>

#include "script/draft.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

struct Operator {
  const char* event;
  const char* kind;
  bool commutes;
};

constexpr Operator kOperators[] = {{"__add", "add", true},
                                   {"__sub", "subtract", false},
                                   {"__mul", "multiply", true},
                                   {"__div", "divide", false}};

void put_operand(lua_State* L, Draft& draft, const Slot& slot, int index) {
  if (const Source* source = to_signal(L, index))
    draft.put(slot, *source);
  else
    draft.put(slot, lua_tonumber(L, index));
}

/// Makes the node of an operator; what it works on is at indices 1 and 2.
int calculate(lua_State* L, const char* name, bool commutes) {
  for (const int index : {1, 2}) {
    if (is_poison(L, index)) return push_poison(L);
    if (lua_type(L, index) != LUA_TNUMBER && to_signal(L, index) == nullptr)
      return refuse(L, "a signal meets signals and numbers with + - * /, not " + in_words(L, index));
  }
  const Kind* kind = Session::of(L).kinds.find(name);
  if (kind == nullptr || kind->positional < 2)
    return refuse(L, fmt::format("there is no kind of node {}", name));
  // A number costs no node on the right: it is the parameter there.
  const bool swap = commutes && lua_type(L, 1) == LUA_TNUMBER;
  Draft draft(L, *kind);
  put_operand(L, draft, kind->slots[0], swap ? 2 : 1);
  put_operand(L, draft, kind->slots[1], swap ? 1 : 2);
  push_signal(L, {.node = draft.finish()});
  return 1;
}

template <int which>
int arithmetic(lua_State* L) {
  return calculate(L, kOperators[which].kind, kOperators[which].commutes);
}

int negate(lua_State* L) {
  lua_settop(L, 1);
  lua_pushinteger(L, -1);
  return calculate(L, "multiply", true);
}

int power(lua_State* L) { return refuse(L, "a signal has no ^: only + - * /"); }
int remainder(lua_State* L) { return refuse(L, "a signal has no %: only + - * /"); }
int call(lua_State* L) { return refuse(L, "a signal cannot be called"); }
int concatenate(lua_State* L) { return refuse(L, "a signal is not a text: tostring(signal) is"); }
int length(lua_State* L) {
  return refuse(L, "the lanes of a signal are only counted when the patch is built");
}
int compare(lua_State* L) { return refuse(L, std::string(kNoComparing)); }

template <lua_CFunction function>
void event(lua_State* L, const char* name) {
  lua_pushcfunction(L, entry<function>);
  lua_setfield(L, -2, name);
}

}  // namespace

void open_operators(lua_State* L) {
  event<arithmetic<0>>(L, kOperators[0].event);
  event<arithmetic<1>>(L, kOperators[1].event);
  event<arithmetic<2>>(L, kOperators[2].event);
  event<arithmetic<3>>(L, kOperators[3].event);
  event<negate>(L, "__unm");
  event<power>(L, "__pow");
  event<remainder>(L, "__mod");
  event<call>(L, "__call");
  event<concatenate>(L, "__concat");
  event<length>(L, "__len");
  event<compare>(L, "__lt");
  event<compare>(L, "__le");
}

}  // namespace perigee
