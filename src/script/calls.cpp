// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/calls.h"

#include <fmt/format.h>

#include <stdexcept>

#include "patch/spillover.h"
#include "patch/validate.h"
#include "script/arguments.h"
#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/signal.h"

namespace perigee {

namespace {

static_assert(std::is_trivially_destructible_v<Arguments>, "Lua errors may pass over it");

const Kind& kind_in_upvalue(lua_State* L) {
  return *static_cast<const Kind*>(lua_touserdata(L, lua_upvalueindex(1)));
}

int make_node(lua_State* L) {
  Arguments arguments(L, kind_in_upvalue(L));
  arguments.read(1);
  push_signal(L, {.node = arguments.finish()});
  return 1;
}

int make_node_after(lua_State* L) {
  const Kind& kind = kind_in_upvalue(L);
  const Source* self = to_signal(L, 1);
  if (self == nullptr)
    return is_poison(L, 1)
               ? push_poison(L)
               : refuse(L, fmt::format("methods come after a colon: signal:{}(…)", kind.spec->kind));
  Arguments arguments(L, kind);
  arguments.feed(*self);
  arguments.read(2);
  push_signal(L, {.node = arguments.finish()});
  return 1;
}

void push_for(lua_State* L, const Kind& kind, lua_CFunction function) {
  lua_pushlightuserdata(L, const_cast<Kind*>(&kind));
  lua_pushcclosure(L, function, 1);
}

/// A switch that has a tail keeps its index in a node of its own.
void set_number(Session& session, NodeId id, unsigned param, double number) {
  auto& nodes = session.workshop.patch.nodes;
  const bool is_apart = param == 0 && has_tail(nodes[id]);
  const auto at = number_at(session.workshop.patch, id, param);
  if (is_apart && (!at || at->node == id)) {
    const Source source = add_number(session, kSelector, number, nodes[id].where);
    nodes[id].params[param] = source;
    return;
  }
  const NumberAt there = is_apart ? *at : NumberAt{id, param};
  nodes[there.node].params[there.param] = number;
  if (session.sent && there.node < session.first_new)
    session.sets[{there.node, there.param}] = {
        .node = there.node, .param = there.param, .value = number, .over = -1};
}

}  // namespace

void push_function(lua_State* L, const Kind& kind) { push_for(L, kind, entry<make_node>); }
void push_method(lua_State* L, const Kind& kind) { push_for(L, kind, entry<make_node_after>); }

void set_parameter(lua_State* L, const Source& source, std::string_view name, int index) {
  Session& session = Session::of(L);
  PatchNode& node = session.workshop.patch.nodes[source.node];
  const Kind& kind = session.kinds.of(node.spec);
  const Slot* slot = kind.find(name);
  const auto complain = [&](std::string text) { note_here(L, source.node, std::move(text)); };
  if (slot == nullptr)
    return complain(fmt::format("there is no parameter {}{}", name, did_you_mean(name, kind.names())));
  if (slot->to == Slot::To::input)
    return complain(fmt::format("{} is an input: it is wired where the node is made", name));
  if (slot->to == Slot::To::fixed)
    return complain(fmt::format("{} is fixed when the node is made: give it there", name));
  if (source.lane >= 0) return complain(fmt::format("{} belongs to all lanes: set it without the [ ]", name));
  if (const Source* given = to_signal(L, index)) {
    if (session.workshop.patch.nodes[given->node].spec->out.empty())
      return complain(fmt::format("{} gives no signal for {}",
                                  session.workshop.patch.nodes[given->node].spec->kind, name));
    node.params[slot->index] = *given;
  } else if (lua_type(L, index) == LUA_TNUMBER || lua_type(L, index) == LUA_TBOOLEAN) {
    const bool is_number = lua_type(L, index) == LUA_TNUMBER;
    const double number = is_number ? lua_tonumber(L, index) : lua_toboolean(L, index);
    const Range range = range_of(node, slot->index);
    const Unit unit = kind.spec->params[slot->index].unit;
    if (std::string wrong = range_mistake(name, number, range.min, range.max, unit); !wrong.empty())
      return complain(std::move(wrong));
    set_number(session, source.node, static_cast<unsigned>(slot->index), number);
  } else if (!is_poison(L, index)) {
    complain(fmt::format("{} takes a number or a signal, not {}", name, in_words(L, index)));
  }
}

void note_here(lua_State* L, NodeId node, std::string text) {
  if (in_task(Session::of(L))) throw std::runtime_error(text);
  Session::of(L).workshop.note(node, user_place(L), std::move(text));
}

}  // namespace perigee
