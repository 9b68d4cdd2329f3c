// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/play_methods.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "patch/validate.h"
#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"
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
  const auto at = number_at(session.workshop.patch, source.node, static_cast<unsigned>(slot->index));
  if (!at)
    fail(fmt::format("{} of {} has a signal: only a number can be set while the patch plays", name,
                     kind.spec->kind));
  const Range range = range_of(node, slot->index);
  const double value = lua_type(L, index) == LUA_TBOOLEAN ? static_cast<double>(lua_toboolean(L, index))
                                                          : number_at(L, index, name, range.min, range.max);
  if (!in_task(session) && source.node >= session.first_new)
    fail(fmt::format("{} does not play yet: a glide has nowhere to begin", kind.spec->kind));
  Action action{.what = Action::What::set,
                .node = at->node,
                .param = at->param,
                .value = value,
                .over = how.over,
                .exponential = how.exponential};
  if (in_task(session))
    add_action(session, std::move(action));
  else
    session.sets[{at->node, at->param}] = std::move(action);
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

/// A message for a node, after so many beats of the loop.
void tell_node(Session& session, NodeId node, const Message& message, double later = 0) {
  add_action(session, {.what = Action::What::tell, .after = later, .node = node, .message = message});
}

double number_or(lua_State* L, int index, std::string_view name, double min, double max, double otherwise) {
  return lua_isnoneornil(L, index) ? otherwise : number_at(L, index, name, min, max);
}

void play_note_on(lua_State* L, NodeId node, std::uint8_t channel) {
  Session& session = Session::of(L);
  const double key = number_at(L, 2, "key", 0, 127);
  const double velocity = number_or(L, 3, "velocity", 0, 1, 0.8);
  const double beats = number_or(L, 4, "length", 0, 65536, 1);
  Message message{.what = Message::What::note_on,
                  .channel = channel,
                  .key = static_cast<float>(key),
                  .value = static_cast<float>(velocity)};
  tell_node(session, node, message);
  message.what = Message::What::note_off;
  tell_node(session, node, message, beats);
}

}  // namespace

int play_note(lua_State* L) {
  Session& session = Session::of(L);
  const Source* source = to_signal(L, 1);
  if (source == nullptr) fail("note belongs to voices, after a colon: bass:note(key, velocity, beats)");
  if (!in_task(session)) fail("notes are played in a loop or callback: loop(4, function() … end)");
  const auto known = session.loops.notes.find(source->node);
  const NodeId notes =
      known != session.loops.notes.end() ? known->second : notes_before(session.workshop.patch, source->node);
  if (notes == kNoNode) fail("note: this signal has no voices; it belongs to what voices() gave");
  session.loops.notes[source->node] = notes;
  play_note_on(L, notes, 0);
  lua_settop(L, 1);
  return 1;
}

int speak(lua_State* L) {
  Session& session = Session::of(L);
  const Source* out = to_signal(L, 1);
  if (out == nullptr) return is_poison(L, 1) ? 0 : refuse(L, "the MIDI port was not made");
  const std::string_view what = text_at(L, 5);
  if (!in_task(session))
    fail(fmt::format("{} is played in a loop or callback: loop(4, function() … end)", what));
  const auto channel = static_cast<std::uint8_t>(number_or(L, 6, "channel", 1, 16, 1) - 1);
  if (what == "note") {
    play_note_on(L, out->node, channel);
    return 0;
  }
  Message message{.channel = channel};
  const auto take = [&](Message::What kind, float value) {
    message.what = kind;
    message.value = value;
  };
  const auto numbered = [&](const char* name) {
    message.number = static_cast<std::uint8_t>(number_at(L, 2, name, 0, 127));
  };
  if (what == "cc") {
    numbered("number");
    take(Message::What::control, static_cast<float>(127 * number_at(L, 3, "value", 0, 1)));
  } else if (what == "program") {
    numbered("number");
    take(Message::What::program, 0);
  } else if (what == "bend") {
    take(Message::What::bend, static_cast<float>(number_at(L, 2, "bend", -1, 1)));
  } else if (what == "pressure") {
    take(Message::What::pressure, static_cast<float>(number_at(L, 2, "pressure", 0, 1)));
  } else {
    take(what == "clock"   ? Message::What::clock
         : what == "start" ? Message::What::start
                           : Message::What::stop,
         0);
  }
  tell_node(session, out->node, message);
  return 0;
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
