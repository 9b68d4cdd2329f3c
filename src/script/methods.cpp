// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/methods.h"

#include <fmt/format.h>

#include <cmath>

#include "script/calls.h"
#include "script/edit_methods.h"
#include "script/hint.h"
#include "script/lua_value.h"
#include "script/play_methods.h"
#include "script/poison.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

const PatchNode& node_of(const Session& session, const Source& source) {
  return session.workshop.patch.nodes[source.node];
}

int one_lane(lua_State* L, const Source& source) {
  const double number = lua_tonumber(L, 2);
  if (!(number >= 1 && number <= 65536 && number == std::floor(number)))
    return refuse(L, fmt::format("lanes are counted 1, 2, 3 …: there is no lane {:g}", number));
  Source lane = source;
  if (source.lane >= 0 && number != 1) return refuse(L, fmt::format("one lane has no lane {:g}", number));
  if (source.lane < 0) lane.lane = static_cast<int>(number) - 1;
  push_signal(L, lane);
  return 1;
}

/// signal.NAME: another output of the node, or a method. Upvalue: the methods.
int index(lua_State* L) {
  const Source& source = *to_signal(L, 1);
  if (lua_type(L, 2) == LUA_TNUMBER) return one_lane(L, source);
  if (lua_type(L, 2) != LUA_TSTRING) return refuse(L, "a signal has lanes, as in signal[2], and methods");
  Session& session = Session::of(L);
  const std::string_view name = text_at(L, 2);
  const Spec& spec = *node_of(session, source).spec;
  for (unsigned i = 0; i < spec.out.size(); ++i) {
    if (spec.out[i].name != name) continue;
    push_signal(L, {.node = source.node, .output = i, .compensated = source.compensated});
    return 1;
  }
  lua_pushvalue(L, 2);
  lua_rawget(L, lua_upvalueindex(1));
  if (!lua_isnil(L, -1)) return 1;
  std::vector<std::string_view> names;
  for (const Port& port : spec.out) names.push_back(port.name);
  for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)) != 0; lua_pop(L, 1)) names.push_back(text_at(L, -2));
  const Slot* slot = session.kinds.of(&spec).find(name);
  return refuse(L, slot != nullptr
                       ? fmt::format("{0} of {1} can be set, not read: {1}.{0} = …", name, spec.kind)
                       : fmt::format("a signal has no {}, and {} no such output{}", name, spec.kind,
                                     did_you_mean(name, names)));
}

/// signal.NAME = value
int assign_parameter(lua_State* L) {
  const Source source = *to_signal(L, 1);
  if (lua_type(L, 2) != LUA_TSTRING) return refuse(L, "a lane of a signal cannot be replaced");
  if (in_task(Session::of(L)))
    play_assign(L, source, text_at(L, 2), 3);
  else
    set_parameter(L, source, text_at(L, 2), 3);
  return 0;
}

/// Whether a table says how a value is to be reached.
bool has_way(lua_State* L, int table) {
  bool found = false;
  for (const char* name : {"over", "curve"}) {
    lua_pushstring(L, name);
    lua_rawget(L, table);
    found = found || !lua_isnil(L, -1);
    lua_pop(L, 1);
  }
  return found;
}

/// signal:set(value), signal:set{ name = value, … }
int set(lua_State* L) {
  if (in_task(Session::of(L))) return play_set(L);
  if (to_signal(L, 1) != nullptr && lua_type(L, 2) == LUA_TTABLE && has_way(L, 2)) {
    if (Session::of(L).sent) return play_set(L);
    note_here(
        L, to_signal(L, 1)->node,
        "over and curve are for a patch that plays: in a loop or callback, or in code that is sent to it");
    lua_settop(L, 1);
    return 1;
  }
  const Source* source = to_signal(L, 1);
  if (source == nullptr) return refuse(L, "set belongs to a signal, after a colon: signal:set{ … }");
  const Kind& kind = Session::of(L).kinds.of(node_of(Session::of(L), *source).spec);
  if (lua_type(L, 2) == LUA_TTABLE) {
    for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1)) {
      if (lua_type(L, -2) == LUA_TSTRING)
        set_parameter(L, *source, text_at(L, -2), lua_gettop(L));
      else
        note_here(L, source->node, "set takes names: set{ name = value }");
    }
  } else if (kind.spec->params.size() == 1) {
    set_parameter(L, *source, kind.spec->params[0].name, 2);
  } else {
    note_here(L, source->node, "set takes names: set{ name = value }");
  }
  lua_settop(L, 1);
  return 1;
}

/// feedback:from(signal)
int from(lua_State* L) {
  const Source* source = to_signal(L, 1);
  Session& session = Session::of(L);
  if (source == nullptr || node_of(session, *source).spec->role != Role::feedback)
    return refuse(L, "from belongs to a feedback: fb = feedback(), then fb:from(signal)");
  const auto in = [&]() -> Source& { return session.workshop.patch.nodes[source->node].inputs[0]; };
  const Source* given = to_signal(L, 2);
  if (in().node != kNoNode && source->node >= session.first_new) {
    note_here(L, source->node, "it has its signal already: :from() is called once");
  } else if (given != nullptr && !node_of(session, *given).spec->out.empty()) {
    in() = *given;
  } else {
    if (!is_poison(L, 2))
      note_here(L, source->node, fmt::format("from takes a signal, not {}", in_words(L, 2)));
    const Source other = stand_in(session);  // a new node moves the others
    in() = other;
  }
  lua_settop(L, 1);
  return 1;
}

}  // namespace

int nocomp(lua_State* L) {
  const Source* given = to_signal(L, 1);
  if (given == nullptr)
    return is_poison(L, 1) ? push_poison(L) : refuse(L, "nocomp takes a signal, not " + in_words(L, 1));
  Source source = *given;
  source.compensated = false;
  push_signal(L, source);
  return 1;
}

void push_methods(lua_State* L) {
  lua_getmetatable(L, -1);
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  lua_getupvalue(L, -1, 1);
  lua_replace(L, -3);
  lua_pop(L, 1);
}

void open_methods(lua_State* L, Session& session) {
  lua_createtable(L, 0, static_cast<int>(session.kinds.all().size()) + 6);
  for (const Kind& kind : session.kinds.all())
    push_method(L, kind), lua_setfield(L, -2, kind.spec->kind.data());
  const auto put = [&](const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
  };
  put("set", entry<set>);
  put("from", entry<from>);
  put("nocomp", entry<nocomp>);
  put("as", entry<pin>);
  put("fade", entry<fade>);
  put("note", entry<play_note>);
  lua_pushcclosure(L, entry<index>, 1);
  lua_setfield(L, -2, "__index");
  put("__newindex", entry<assign_parameter>);
}

}  // namespace perigee
