// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/host.h"

#include <fmt/format.h>

#include <cmath>

#include "script/answers.h"
#include "script/calls.h"
#include "script/errands.h"
#include "script/help.h"
#include "script/learning.h"
#include "script/listing.h"
#include "script/loops.h"
#include "script/lua_value.h"
#include "script/methods.h"
#include "script/play_methods.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

void print_line(Session& session, std::string_view line) {
  const auto& print = session.print ? session.print : session.options.print;
  if (!print) return;
  session.on_caller([&] {
    try {
      print(line);
    } catch (...) {  // a broken terminal is no mistake of the script's
    }
  });
}

namespace {

/// Upvalue: tostring.
int print(lua_State* L) {
  Session& session = Session::of(L);
  if (session.deep()) return luaL_error(L, "stack overflow");
  const int count = lua_gettop(L);
  luaL_checkstack(L, 2 * count + 2, "too many arguments");
  for (int i = 1; i <= count; ++i) {
    if (i > 1) lua_pushliteral(L, "\t");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, i);
    lua_call(L, 1, 1);
    if (lua_type(L, -1) != LUA_TSTRING) return luaL_error(L, "tostring must return a string");
  }
  lua_concat(L, lua_gettop(L) - count);
  print_line(session, text_at(L, -1));
  return 0;
}

/// Upvalue: the table of names.
int help(lua_State* L) {
  Session& session = Session::of(L);
  std::string_view name;
  if (const Source* source = to_signal(L, 1)) name = session.workshop.patch.nodes[source->node].spec->kind;
  if (lua_type(L, 1) == LUA_TSTRING) name = lua_tostring(L, 1);
  if (lua_type(L, 1) == LUA_TFUNCTION) {
    for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)) != 0; lua_pop(L, 1))
      if (lua_rawequal(L, 1, -1) != 0 && lua_type(L, -2) == LUA_TSTRING) name = lua_tostring(L, -2);
  }
  print_line(session, help_text(session.kinds, name));
  return 0;
}

int tempo(lua_State* L) {
  Workshop& workshop = Session::of(L).workshop;
  if (lua_isnoneornil(L, 1)) {
    lua_pushnumber(L, workshop.patch.tempo);
    return 1;
  }
  if (is_poison(L, 1)) return 0;
  const double bpm = lua_tonumber(L, 1);
  if (lua_type(L, 1) != LUA_TNUMBER) return refuse(L, "tempo takes beats a minute, not " + in_words(L, 1));
  if (!(bpm >= kSlowestTempo && bpm <= kFastestTempo))
    return refuse(L,
                  fmt::format("tempo {:g} is not between {:g} and {:g}", bpm, kSlowestTempo, kFastestTempo));
  if (in_task(Session::of(L))) {
    workshop.patch.tempo = bpm;
    add_action(Session::of(L), {.what = Action::What::tempo, .value = bpm});
    return 0;
  }
  if (workshop.tempo_used.line > 0)
    return refuse(
        L, fmt::format("tempo comes first: beats() has been used in line {}", workshop.tempo_used.line));
  workshop.patch.tempo = bpm;
  return 0;
}

/// Beats a minute, which from now on stay what they are.
int settled_tempo(lua_State* L) {
  Workshop& workshop = Session::of(L).workshop;
  if (workshop.tempo_used.line == 0) workshop.tempo_used = user_place(L);
  lua_pushnumber(L, workshop.patch.tempo);
  return 1;
}

int latency(lua_State* L) {
  Session& session = Session::of(L);
  const Source* source = to_signal(L, 1);
  if (source == nullptr)
    return is_poison(L, 1) ? push_poison(L) : refuse(L, "latency takes a signal, not " + in_words(L, 1));
  Frames frames = 0;
  std::string mistake;
  session.on_caller([&] {
    try {
      frames = session.options.latency(session.workshop.patch, *source, session.options.rate);
    } catch (const std::exception& e) {
      mistake = e.what();
    }
  });
  // A patch with mistakes has no latency, and they are told already.
  if (!mistake.empty() && session.workshop.notes.empty()) note_here(L, source->node, mistake);
  lua_pushnumber(L, static_cast<double>(frames));
  return 1;
}

/// undo(), redo(), hush(): once the code that runs has done the rest.
template <Loaded::Step step>
int ask_for(lua_State* L) {
  Session& session = Session::of(L);
  constexpr const char* kName = step == Loaded::Step::undo   ? "undo"
                                : step == Loaded::Step::redo ? "redo"
                                                             : "hush";
  if (!session.sent)
    return refuse(L, fmt::format("{}() is for code that is sent to a patch that plays", kName));
  session.steps.push_back(step);
  return 0;
}

int collect_garbage(lua_State* L) {
  static const char* const kOptions[] = {"collect", "count", nullptr};
  if (luaL_checkoption(L, 1, "collect", kOptions) == 0)
    lua_pushinteger(L, lua_gc(L, LUA_GCCOLLECT, 0));
  else
    lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT, 0) + lua_gc(L, LUA_GCCOUNTB, 0) / 1024.0);
  return 1;
}

constexpr std::size_t kLongestWord = 64;  // bytes of a text that is shown

/// refuse(text, value): notes the mistake, save where the value itself is one; returns what stands for it.
int refuse_value(lua_State* L) {
  if (is_poison(L, 2)) return push_poison(L);
  const bool is_word = lua_type(L, 2) == LUA_TSTRING && text_at(L, 2).size() <= kLongestWord;
  return refuse(L, fmt::format("{}, not {}", lua_tostring(L, 1),
                               is_word ? fmt::format("\"{}\"", text_at(L, 2)) : in_words(L, 2)));
}

/// midi(name, connect): a port that the patch has from now on.
int midi(lua_State* L) {
  Session& session = Session::of(L);
  auto& ports = session.workshop.patch.midi;
  MidiPort port{
      .name = std::string(text_at(L, 1)), .connect = std::string(text_at(L, 2)), .where = user_place(L)};
  for (MidiPort& known : ports) {
    if (known.name != port.name) continue;
    if (!port.connect.empty()) known.connect = port.connect;
    return 0;
  }
  session.charge(sizeof port + port.name.size() + port.connect.size());
  ports.push_back(std::move(port));
  return 0;
}

/// A message handler of xpcall, the upvalue. No hook runs in a handler of the watchdog's own error: it is
/// left out.
int handle(lua_State* L) {
  if (Session::of(L).stopped) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

int guard_handler(lua_State* L) {
  lua_settop(L, 1);
  lua_pushcclosure(L, entry<handle>, 1);
  return 1;
}

}  // namespace

void add_host(lua_State* L, Session& session, int names) {
  lua_getfield(L, names, "tostring");
  lua_pushcclosure(L, entry<print>, 1);
  lua_setfield(L, names, "print");
  lua_pushvalue(L, names);
  lua_pushcclosure(L, entry<help>, 1);
  lua_setfield(L, names, "help");
  const auto put = [&](const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, names, name);
  };
  put("nocomp", entry<nocomp>);
  put("tempo", entry<tempo>);
  put("undo", entry<ask_for<Loaded::Step::undo>>);
  put("redo", entry<ask_for<Loaded::Step::redo>>);
  put("hush", entry<ask_for<Loaded::Step::hush>>);
  put("collectgarbage", entry<collect_garbage>);
  if (session.options.latency) put("latency", entry<latency>);
  add_listing(L, names);
  add_learning(L, names);
  push_keepsake(L, session.keepsake);
  lua_setfield(L, names, "state");
}

void push_inner_functions(lua_State* L) {
  lua_newtable(L);
  lua_pushcfunction(L, entry<settled_tempo>);
  lua_setfield(L, -2, "tempo");
  lua_pushcfunction(L, entry<refuse_value>);
  lua_setfield(L, -2, "refuse");
  lua_pushcfunction(L, entry<midi>);
  lua_setfield(L, -2, "midi");
  lua_pushcfunction(L, entry<speak>);
  lua_setfield(L, -2, "speak");
  add_loops(L);
  add_waiting(L);
  add_answers(L);
  add_errands(L);
  lua_pushcfunction(L, entry<guard_handler>);
  lua_setfield(L, -2, "guard");
}

}  // namespace perigee
