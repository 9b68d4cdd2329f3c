// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/edit_methods.h"

#include <fmt/format.h>

#include <algorithm>

#include "script/calls.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

constexpr double kLongestFade = 600;  // seconds

/// A mistake in what stands for another mistake is none.
void note_unless_poison(lua_State* L, NodeId node, const std::string& text) {
  if (!is_poison(L, 2)) note_here(L, node, text);
}

}  // namespace

int pin(lua_State* L) {
  const Source* source = to_signal(L, 1);
  if (source == nullptr) return refuse(L, R"(as belongs to a signal, after a colon: signal:as("name"))");
  const Session& session = Session::of(L);
  auto& nodes = Session::of(L).workshop.patch.nodes;
  const NodeId id = source->node;
  // Code that is sent takes a name over from what plays.
  const auto first = nodes.begin() + (id < session.first_new ? 0 : session.first_new);
  lua_settop(L, 2);
  if (lua_type(L, 2) != LUA_TSTRING) {
    note_unless_poison(L, id, fmt::format("as takes a name in quotes, not {}", in_words(L, 2)));
  } else if (text_at(L, 2).empty()) {
    note_here(L, id, "as takes a name in quotes, not an empty one");
  } else if (const auto pin = text_at(L, 2); !nodes[id].pin.empty()) {
    note_here(L, id, fmt::format("as(\"{}\"): it is as \"{}\" already", pin, nodes[id].pin));
  } else if (const auto other = std::ranges::find(first, nodes.end(), pin, &PatchNode::pin);
             other != nodes.end()) {
    note_here(L, id,
              fmt::format("as(\"{}\"): line {} has it already, and each has a name of its own", pin,
                          other->where.line));
  } else {
    nodes[id].pin = pin;
  }
  lua_settop(L, 1);
  return 1;
}

int fade(lua_State* L) {
  const Source* source = to_signal(L, 1);
  if (source == nullptr) return refuse(L, "fade belongs to a signal, after a colon: signal:fade(seconds)");
  const NodeId id = source->node;
  const double seconds = lua_tonumber(L, 2);
  lua_settop(L, 2);
  if (lua_type(L, 2) != LUA_TNUMBER) {
    note_unless_poison(L, id, fmt::format("fade takes seconds, not {}", in_words(L, 2)));
  } else if (!(seconds >= 0 && seconds <= kLongestFade)) {
    note_here(L, id, fmt::format("fade: {:g} s is not between 0 and {:g} s", seconds, kLongestFade));
  } else {
    Session::of(L).workshop.patch.nodes[id].fade = seconds;
  }
  lua_settop(L, 1);
  return 1;
}

}  // namespace perigee
