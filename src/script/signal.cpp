// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/signal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "script/arguments.h"
#include "script/hint.h"
#include "script/operators.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr const char* kSignals = "perigee.signal";
constexpr const char* kPoison = "perigee.poison";

const void* metatable_of(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || lua_getmetatable(L, index) == 0) return nullptr;
  const void* metatable = lua_topointer(L, -1);
  lua_pop(L, 1);
  return metatable;
}

const PatchNode& node_of(const Session& session, const Source& source) {
  return session.workshop.patch.nodes[source.node];
}

std::string_view text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
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
  std::vector<std::string_view> names = session.kinds.names();
  for (const Port& port : spec.out) names.push_back(port.name);
  for (const char* method : {"set", "from", "nocomp"}) names.emplace_back(method);
  const Slot* slot = session.kinds.of(&spec).find(name);
  return refuse(L, slot != nullptr
                       ? fmt::format("{0} of {1} can be set, not read: {1}.{0} = …", name, spec.kind)
                       : fmt::format("a signal has no {}, and {} no such output{}", name, spec.kind,
                                     did_you_mean(name, names)));
}

/// signal.NAME = value
int assign(lua_State* L) {
  const Source source = *to_signal(L, 1);
  if (lua_type(L, 2) != LUA_TSTRING) return refuse(L, "a lane of a signal cannot be replaced");
  set_parameter(L, source, text_at(L, 2), 3);
  return 0;
}

/// signal:set(value), signal:set{ name = value, … }
int set(lua_State* L) {
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
  if (in().node != kNoNode) {
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
  const Spec& spec = *node_of(session, *given).spec;
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

int nothing(lua_State*) { return 0; }
int poison(lua_State* L) { return push_poison(L); }
int zero(lua_State* L) {
  lua_pushinteger(L, 0);
  return 1;
}
int question_mark(lua_State* L) {
  lua_pushliteral(L, "?");
  return 1;
}

void field(lua_State* L, const char* name, lua_CFunction function) {
  lua_pushcfunction(L, function);
  lua_setfield(L, -2, name);
}

}  // namespace

void open_signals(lua_State* L, Session& session) {
  luaL_newmetatable(L, kSignals);
  session.signal_metatable = lua_topointer(L, -1);
  lua_createtable(L, 0, static_cast<int>(session.kinds.all().size()) + 3);
  for (const Kind& kind : session.kinds.all())
    push_method(L, kind), lua_setfield(L, -2, kind.spec->kind.data());
  field(L, "set", entry<set>);
  field(L, "from", entry<from>);
  field(L, "nocomp", entry<nocomp>);
  lua_pushcclosure(L, entry<index>, 1);
  lua_setfield(L, -2, "__index");
  field(L, "__newindex", entry<assign>);
  field(L, "__eq", entry<equal>);
  field(L, "__tostring", entry<in_text>);
  open_operators(L);
  lua_pushliteral(L, "a signal");
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 1);

  luaL_newmetatable(L, kPoison);
  session.poison_metatable = lua_topointer(L, -1);
  for (const char* event :
       {"__index", "__call", "__concat", "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm"})
    field(L, event, poison);
  field(L, "__newindex", nothing);
  field(L, "__len", zero);
  field(L, "__tostring", question_mark);
  lua_pushliteral(L, "undefined");
  lua_setfield(L, -2, "__metatable");
  lua_newuserdata(L, 1);
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, "perigee.undefined");
}

int nocomp(lua_State* L) {
  const Source* given = to_signal(L, 1);
  if (given == nullptr)
    return is_poison(L, 1) ? push_poison(L) : refuse(L, "nocomp takes a signal, not " + in_words(L, 1));
  Source source = *given;
  source.compensated = false;
  push_signal(L, source);
  return 1;
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

int push_poison(lua_State* L) {
  lua_getfield(L, LUA_REGISTRYINDEX, "perigee.undefined");
  return 1;
}

bool is_poison(lua_State* L, int index) {
  const void* metatable = metatable_of(L, index);
  return metatable != nullptr && metatable == Session::of(L).poison_metatable;
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

std::string in_words(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNONE:
      return "nothing";
    case LUA_TNIL:
      return "nil";
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0 ? "true" : "false";
    case LUA_TNUMBER:
      return "a number";
    case LUA_TSTRING:
      return "a text";
    case LUA_TTABLE:
      return "a table";
    case LUA_TFUNCTION:
      return "a function";
    case LUA_TUSERDATA:
      return "a signal";
    case LUA_TTHREAD:
      return "a coroutine";
    default:
      return "this";
  }
}

int refuse(lua_State* L, std::string text) {
  // The text is gone before Lua is asked for anything that may raise an error.
  Session::of(L).workshop.note(kNoNode, user_place(L), std::move(text));
  return push_poison(L);
}

}  // namespace perigee
