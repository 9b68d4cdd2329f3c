// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "script/ending.h"
#include "script/lua_value.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr double kLongestWait = 65536;  // beats
/// What a task may ask for from one wait to the next.
constexpr std::size_t kMostAsked = 65536;

/// wait(beats)
int wait(lua_State* L) {
  Session& session = Session::of(L);
  if (!in_task(session) || session.loops.thread != L)
    return luaL_error(L, "wait belongs into the function of a loop or callback");
  if (lua_type(L, 1) != LUA_TNUMBER) return luaL_error(L, "wait takes beats, not %s", luaL_typename(L, 1));
  const double beats = lua_tonumber(L, 1);
  if (!(beats >= 0 && beats <= kLongestWait))
    return luaL_error(L, "wait: %f is not between 0 and 65536 beats", beats);
  session.loops.waits = beats;
  return lua_yield(L, 0);
}

int now(lua_State* L) {
  const Session& session = Session::of(L);
  if (!in_task(session)) return 0;
  lua_pushnumber(L, session.loops.now);
  return 1;
}

/// Resumes the coroutine that it is given under the right to stop it, and returns what that yields.
int resume_thread(lua_State* L) {
  Session& session = Session::of(L);
  lua_State* thread = lua_tothread(L, 1);
  const int values = lua_status(thread) == LUA_YIELD ? 0 : lua_gettop(thread) - 1;
  session.loops.waits.reset();
  const int status = lua_resume(thread, values);
  if (status == LUA_YIELD) {
    lua_settop(thread, 0);
    if (session.loops.waits) {
      lua_pushnumber(L, *session.loops.waits);
      return 1;
    }
    session.loops.failed_at = user_place(thread);
    lua_pushliteral(
        L,
        "coroutine.yield is for a script's own coroutines: a loop or callback goes on later by wait(beats)");
    return lua_error(L);
  }
  if (status == 0) return 0;
  session.loops.failed_at = user_place(thread);
  lua_xmove(thread, L, 1);
  return lua_error(L);
}

void push_plain(lua_State* L, const PlainValue& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    lua_pushlstring(L, text->data(), text->size());
  else if (const auto* number = std::get_if<double>(&value))
    lua_pushnumber(L, *number);
  else
    lua_pushboolean(L, static_cast<int>(std::get<bool>(value)));
}

void start(lua_State* L, LuaTask& task, std::span<const PlainValue> values) {
  lua_State* thread = lua_newthread(L);
  task.thread = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_rawgeti(thread, LUA_REGISTRYINDEX, task.function);
  luaL_checkstack(thread, static_cast<int>(values.size()), "too many values");
  for (const PlainValue& value : values) push_plain(thread, value);
}

/// What went wrong, in the words and at the line of whoever knows best.
Progress failure_of(const Session& session, int status) {
  Progress progress{.what = Progress::What::failed};
  const bool full = wanted_memory(session, status);
  progress.text = session.stopped ? "stopped: it ran for too long"
                  : full          ? "stopped: it took too much memory"
                                  : session.failure.text;
  progress.where = session.stopped                         ? session.stopped_at
                   : full && session.memory_ended.line > 0 ? session.memory_ended
                   : session.failure.where.line > 0        ? session.failure.where
                                                           : session.loops.failed_at;
  return progress;
}

Progress resume(Session& session, LuaTask& task, std::span<const PlainValue> values) {
  lua_State* L = session.lua;
  if (task.thread == LUA_NOREF) start(L, task, values);
  lua_pushcfunction(L, resume_thread);
  lua_rawgeti(L, LUA_REGISTRYINDEX, task.thread);
  session.loops.thread = lua_tothread(L, -1);
  session.loops.now = task.due;
  session.remember(task.where);
  session.failure = {};
  session.stopped = false;
  session.memory_ended = {};
  const int status = session.call(1, 1);
  session.loops.thread = nullptr;
  const double waits = lua_tonumber(L, -1);
  const bool ended = status == 0 && lua_isnil(L, -1);
  lua_settop(L, 0);
  if (status == 0 && !ended) return {.beats = waits};
  drop_thread(L, task);
  if (wanted_memory(session, status)) session.collect();
  return status == 0 ? Progress{.what = Progress::What::ended} : failure_of(session, status);
}

}  // namespace

bool gets_on(Session& session, LuaTask& task) {
  task.pace.join(session.loops.round);
  if (task.pace.step(session.loops.frame)) ++session.loops.idle_steps;
  if (task.pace.idle <= kMostIdle) return true;
  task.pace.idle = 0;
  drop_thread(session.lua, task);
  return false;
}

bool in_task(const Session& session) { return session.loops.thread != nullptr; }

void drop_thread(lua_State* L, LuaTask& task) {
  luaL_unref(L, LUA_REGISTRYINDEX, task.thread);
  task.thread = LUA_NOREF;
}

void add_action(Session& session, Action action) {
  if (session.loops.actions.size() >= kMostAsked)
    throw std::runtime_error(
        fmt::format("it asks for more than {} notes and sets without a wait", kMostAsked));
  action.beat = session.loops.now + action.after;
  session.loops.actions.push_back(std::move(action));
}

Progress go_on(Session& session, LuaTask& task, std::span<const PlainValue> values, Played& played) {
  // In a task, nodes are those of the patch that plays.
  std::swap(session.workshop.patch, session.loops.patch);
  Progress progress = resume(session, task, values);
  std::swap(session.workshop.patch, session.loops.patch);
  auto& made = session.loops.actions;
  // What never ends is not to be heard, either.
  if (progress.what == Progress::What::failed && (session.stopped || made.size() >= kMostAsked)) made.clear();
  task.pace.asked += made.size();
  std::ranges::move(made, std::back_inserter(played.actions));
  made.clear();
  return progress;
}

void add_waiting(lua_State* L) {
  lua_pushcfunction(L, entry<wait>);
  lua_setfield(L, -2, "wait");
  lua_pushcfunction(L, entry<now>);
  lua_setfield(L, -2, "now");
}

}  // namespace perigee
