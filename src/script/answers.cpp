// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr unsigned kMostFailedCalls = 3;
constexpr std::size_t kMostCalls = 1024;  // that wait at a time

bool is_for(std::string_view occasion, std::string_view port) {
  return occasion.starts_with(fmt::format("midi {} ", port));
}

/// The audio thread tells what comes at a port that somebody asks about.
void mark_told_ports(Session& session) {
  for (MidiPort& port : session.workshop.patch.midi)
    port.told =
        std::ranges::any_of(session.answers, [&](const auto& one) { return is_for(one.first, port.name); });
}

bool has_function(const Answers& answers, int function) {
  return std::ranges::any_of(answers, [&](const auto& one) { return one.second.function == function; });
}

/// It is let go, save one that was there before the code that runs: that may come back, see settle_answers().
void take_out(Session& session, std::string_view occasion) {
  const auto found = session.answers.find(occasion);
  if (found == session.answers.end()) return;
  const int function = found->second.function;
  if (!has_function(session.answers_before, function)) luaL_unref(session.lua, LUA_REGISTRYINDEX, function);
  session.answers.erase(found);
}

/// on(occasion, function or false): what is called from now on.
int on(lua_State* L) {
  Session& session = Session::of(L);
  if (in_task(session))
    return luaL_error(L, "functions are named by on while the patch loads, not in a loop");
  const std::string occasion(text_at(L, 1));
  const bool removes = lua_type(L, 2) == LUA_TBOOLEAN;
  if (!removes) session.charge(sizeof(Answer) + occasion.size());
  lua_settop(L, 2);
  const Place where = user_place(L);
  take_out(session, occasion);
  if (!removes) session.answers[occasion] = {.where = where, .function = luaL_ref(L, LUA_REGISTRYINDEX)};
  mark_told_ports(session);
  return 0;
}

}  // namespace

void end_answers(Session& session, const std::string& occasion) {
  session.answers_before.erase(occasion);
  take_out(session, occasion);
}

namespace {

void fail(Session& session, const LuaCall& call, const Progress& progress, Played& played) {
  const auto found = session.answers.find(call.occasion);
  const bool last = found != session.answers.end() && ++found->second.failures >= kMostFailedCalls;
  if (last) end_answers(session, call.occasion);
  played.mistakes.push_back(
      {progress.where.line > 0 ? progress.where : call.where,
       fmt::format("the function for \"{}\": {}{}", call.occasion, progress.text,
                   last ? fmt::format("; it failed {} times and is called no more", kMostFailedCalls) : "")});
}

/// True while it waits.
bool go_on_with(Session& session, LuaCall& call, std::span<const PlainValue> values, Played& played) {
  while (true) {
    Progress progress{.what = Progress::What::failed, .text = kGetsNowhere};
    if (gets_on(session, call)) progress = go_on(session, call, values, played);
    if (progress.what == Progress::What::waits && progress.beats > 0) {
      call.due += progress.beats;
      return true;
    }
    if (progress.what == Progress::What::waits) continue;
    if (progress.what == Progress::What::failed) {
      fail(session, call, progress, played);
    } else if (const auto found = session.answers.find(call.occasion); found != session.answers.end()) {
      found->second.failures = 0;
    }
    return false;
  }
}

}  // namespace

void answer(Session& session, const Occasion& occasion, double beat, Played& played) {
  const auto found = session.answers.find(occasion.name);
  if (found == session.answers.end()) return;
  LuaCall call;
  call.where = found->second.where;
  call.due = beat;
  call.function = found->second.function;
  call.occasion = occasion.name;
  std::erase_if(session.loops.calls, [&](LuaCall& one) {
    if (one.due != kNever) return false;
    drop_thread(session.lua, one);
    return true;
  });
  if (session.loops.calls.size() >= kMostCalls) {
    fail(session, call, {.text = fmt::format("{} calls wait already", kMostCalls)}, played);
    return;
  }
  if (go_on_with(session, call, occasion.values, played)) session.loops.calls.push_back(std::move(call));
}

void go_on_call(Session& session, std::size_t index, Played& played) {
  auto& calls = session.loops.calls;
  if (!go_on_with(session, calls[index], {}, played))
    calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(index));
}

void settle_answers(Session& session, bool keep) {
  if (!keep) std::swap(session.answers, session.answers_before);
  for (const auto& [occasion, answer] : session.answers_before)
    if (!has_function(session.answers, answer.function))
      luaL_unref(session.lua, LUA_REGISTRYINDEX, answer.function);
  session.answers_before = session.answers;
}

void add_answers(lua_State* L) {
  lua_pushcfunction(L, entry<on>);
  lua_setfield(L, -2, "on");
}

}  // namespace perigee
