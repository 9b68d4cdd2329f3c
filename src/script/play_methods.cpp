// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/play_methods.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "patch/validate.h"
#include "script/hint.h"
#include "script/lua_value.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

/// A mistake ends the loop's turn: entry() makes a Lua error of it.
[[noreturn]] void fail(const std::string& text) { throw std::runtime_error(text); }

double number_at(lua_State* L, int index, std::string_view name, double min, double max) {
  if (lua_type(L, index) != LUA_TNUMBER)
    fail(fmt::format("{} takes a number while the patch plays, not {}", name, in_words(L, index)));
  const double number = lua_tonumber(L, index);
  const std::string wrong = range_mistake(name, number, min, max, Unit::none);
  if (!wrong.empty()) fail(wrong);
  return number;
}

struct How {
  double over = -1;  ///< seconds; below 0: as an edited literal goes
  bool exponential = false;
};

void set(lua_State* L, const Source& source, std::string_view name, int index, const How& how) {
  Session& session = Session::of(L);
  const PatchNode& node = session.workshop.patch.nodes[source.node];
  const Kind& kind = session.kinds.of(node.spec);
  const Slot* slot = kind.find(name);
  if (slot == nullptr || slot->to != Slot::To::param)
    fail(fmt::format("{} has no parameter {}{}", kind.spec->kind, name, did_you_mean(name, kind.names())));
  if (std::holds_alternative<Source>(node.params[slot->index]))
    fail(fmt::format("{} of {} has a signal: only a number can be set while the patch plays", name,
                     kind.spec->kind));
  const Range range = range_of(node, slot->index);
  const double value = lua_type(L, index) == LUA_TBOOLEAN ? static_cast<double>(lua_toboolean(L, index))
                                                          : number_at(L, index, name, range.min, range.max);
  session.loops.actions.push_back({.what = Action::What::set,
                                   .beat = session.loops.now,
                                   .node = source.node,
                                   .param = static_cast<unsigned>(slot->index),
                                   .value = value,
                                   .over = how.over,
                                   .exponential = how.exponential});
}

constexpr double kLongestGlide = 3600;  // seconds

How how_of(lua_State* L, int table) {
  How how;
  lua_getfield(L, table, "over");
  if (!lua_isnil(L, -1)) how.over = number_at(L, -1, "over", 0, kLongestGlide);
  lua_getfield(L, table, "curve");
  if (!lua_isnil(L, -1)) {
    const bool is_text = lua_type(L, -1) == LUA_TSTRING;
    how.exponential = is_text && text_at(L, -1) == "exp";
    if (!is_text || (!how.exponential && text_at(L, -1) != "lin")) fail("curve is \"lin\" or \"exp\"");
  }
  lua_pop(L, 2);
  return how;
}

/// The node that gives notes to the voices that a signal is made of.
NodeId notes_before(const Patch& patch, NodeId from) {
  std::vector<bool> seen(patch.nodes.size());
  std::vector<NodeId> open{from};
  seen[from] = true;
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    const PatchNode& node = patch.nodes[id];
    if (node.spec->hears >= 0 && node.spec->kind == "notes") return id;
    const auto see = [&](const Source& source) {
      if (source.node == kNoNode || seen[source.node]) return;
      seen[source.node] = true;
      open.push_back(source.node);
    };
    for (const Source& source : node.inputs) see(source);
    for (const Setting& setting : node.params)
      if (const auto* source = std::get_if<Source>(&setting)) see(*source);
  }
  return kNoNode;
}

}  // namespace

int play_note(lua_State* L) {
  Session& session = Session::of(L);
  const Source* source = to_signal(L, 1);
  if (source == nullptr) fail("note belongs to voices, after a colon: bass:note(key, velocity, beats)");
  if (!in_task(session)) fail("notes are played in a loop: loop(4, function() … end)");
  const auto known = session.loops.notes.find(source->node);
  const NodeId notes =
      known != session.loops.notes.end() ? known->second : notes_before(session.workshop.patch, source->node);
  if (notes == kNoNode) fail("note: this signal has no voices; it belongs to what voices() gave");
  session.loops.notes[source->node] = notes;
  const double key = number_at(L, 2, "key", 0, 127);
  const double velocity = lua_isnoneornil(L, 3) ? 0.8 : number_at(L, 3, "velocity", 0, 1);
  const double beats = lua_isnoneornil(L, 4) ? 1 : number_at(L, 4, "length", 0, 65536);
  const double now = session.loops.now;
  Message message{
      .what = Message::What::note_on, .key = static_cast<float>(key), .value = static_cast<float>(velocity)};
  session.loops.actions.push_back(
      {.what = Action::What::tell, .beat = now, .node = notes, .message = message});
  message.what = Message::What::note_off;
  session.loops.actions.push_back(
      {.what = Action::What::tell, .beat = now + beats, .node = notes, .message = message});
  lua_settop(L, 1);
  return 1;
}

void play_assign(lua_State* L, const Source& source, std::string_view name, int index) {
  set(L, source, name, index, {});
}

int play_set(lua_State* L) {
  const Source* source = to_signal(L, 1);
  if (source == nullptr) fail("set belongs to a signal, after a colon: signal:set{ … }");
  const Spec& spec = *Session::of(L).workshop.patch.nodes[source->node].spec;
  if (lua_type(L, 2) == LUA_TTABLE) {
    const How how = how_of(L, 2);
    for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1)) {
      if (lua_type(L, -2) != LUA_TSTRING) fail("set takes names: set{ name = value }");
      const std::string_view name = text_at(L, -2);
      if (name != "over" && name != "curve") set(L, *source, name, lua_gettop(L), how);
    }
  } else if (spec.params.size() == 1) {
    set(L, *source, spec.params[0].name, 2, {});
  } else {
    fail("set takes names: set{ name = value }");
  }
  lua_settop(L, 1);
  return 1;
}

}  // namespace perigee
