// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/loops.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr double kShortestLoop = 1.0 / 256;  ///< beats
constexpr double kLongestLoop = 65536;
constexpr unsigned kMostFailures = 3;

/// loop(length, f) → number of the loop, from 0
int loop(lua_State* L) {
  Session& session = Session::of(L);
  const double length = lua_tonumber(L, 1);
  if (lua_type(L, 1) != LUA_TNUMBER)
    return is_poison(L, 1) ? 0 : refuse(L, "loop takes beats, not " + in_words(L, 1));
  if (!(length >= kShortestLoop && length <= kLongestLoop))
    return refuse(L, fmt::format("loop: {:g} beats are not between 1/256 and {:g}", length, kLongestLoop));
  if (lua_type(L, 2) != LUA_TFUNCTION)
    return is_poison(L, 2) ? 0 : refuse(L, "loop takes a function after its beats, not " + in_words(L, 2));
  if (in_task(session)) return luaL_error(L, "a loop cannot be made in a loop: make it beside");
  session.charge(sizeof(LuaLoop));
  lua_settop(L, 2);
  LuaLoop made;
  made.where = user_place(L);
  made.length = length;
  made.function = luaL_ref(L, LUA_REGISTRYINDEX);
  session.loops.all.push_back(std::move(made));
  lua_pushinteger(L, static_cast<lua_Integer>(session.loops.all.size()) - 1);
  return 1;
}

/// stop(number)
int stop(lua_State* L) {
  Session& session = Session::of(L);
  const auto index = static_cast<std::size_t>(lua_tointeger(L, 1));
  if (index < session.loops.all.size()) session.loops.all[index].due = kNever;
  return 0;
}

/// The body's next start is the first on its grid that has not passed.
double next_start(const LuaLoop& loop) {
  return loop.start + loop.length * std::max(1.0, std::ceil((loop.due - loop.start) / loop.length));
}

void go_on_at(LuaLoop& loop, double beat) { loop.due = beat < loop.until ? beat : kNever; }

void start_again(LuaLoop& loop) {
  loop.start = next_start(loop);
  go_on_at(loop, loop.start);
}

}  // namespace

void add_loops(lua_State* L) {
  const auto put = [L](const char* name, lua_CFunction function) {
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
  };
  put("loop", entry<loop>);
  put("stop", entry<stop>);
}

void name_loops(lua_State* L, Session& session) {
  auto& loops = session.loops.all;
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  for (const std::string& global : session.workshop.globals) {
    lua_pushlstring(L, global.data(), global.size());
    lua_rawget(L, -2);
    if (lua_istable(L, -1)) {
      lua_pushliteral(L, "loop");  // see lua/api/time.lua
      lua_rawget(L, -2);
      // Any table may have something of that name.
      const double number = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
      if (number >= 0 && number < static_cast<double>(loops.size()) && number == std::floor(number)) {
        LuaLoop& loop = loops[static_cast<std::size_t>(number)];
        if (loop.name.empty()) loop.name = global;
      }
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

void start_loop(Session& session, LuaLoop& loop, double beat) {
  loop.begun = true;
  loop.until = kNever;
  loop.failures = 0;
  loop.kept = false;
  restart_loop(session, loop, beat);
}

void restart_loop(Session& session, LuaLoop& loop, double beat) {
  drop_thread(session.lua, loop);
  loop.start = std::ceil(beat / loop.length) * loop.length;
  loop.due = loop.start;
}

double hand_over(LuaLoop& loop, double beat) {
  if (loop.due == kNever) return kNever;
  const bool has_begun = loop.start < beat;
  const double boundary =
      has_begun ? loop.start + loop.length * std::max(1.0, std::ceil((beat - loop.start) / loop.length))
                : loop.start;
  loop.until = boundary;
  loop.kept = loop.good;
  go_on_at(loop, loop.due);
  return boundary;
}

namespace {

/// After the third time in a row it is paused.
void fail_loop(LuaLoop& loop, const Progress& progress, bool has_kept, Played& played) {
  const std::string who = loop.name.empty() ? "a loop" : fmt::format("loop {}", loop.name);
  const bool gives_way = has_kept && !loop.good;
  const bool paused = ++loop.failures >= kMostFailures;
  if (paused || gives_way)
    loop.due = kNever;
  else
    start_again(loop);
  played.mistakes.push_back(
      {progress.where.line > 0 ? progress.where : loop.where,
       fmt::format("{}: {}{}", who, progress.text,
                   gives_way ? "; its body of before plays on"
                   : paused  ? fmt::format("; it failed {} times and is paused", kMostFailures)
                             : "; it starts again with its next turn")});
}

}  // namespace

void run_loop(Session& session, std::size_t index, bool has_kept, Played& played) {
  LuaLoop& loop = session.loops.all[index];
  while (true) {
    if (!gets_on(session, loop))
      return fail_loop(loop, {.what = Progress::What::failed, .text = kGetsNowhere}, has_kept, played);
    const Progress progress = go_on(session, loop, {}, played);
    if (progress.what == Progress::What::failed) return fail_loop(loop, progress, has_kept, played);
    if (progress.what == Progress::What::ended) {
      loop.good = true;
      loop.failures = 0;
      return start_again(loop);
    }
    go_on_at(loop, loop.due + progress.beats);
    if (progress.beats > 0) return;
  }
}

}  // namespace perigee
