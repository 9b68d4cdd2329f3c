// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"
#include "script/task.h"

namespace perigee {

namespace {

constexpr std::string_view kClocks[] = {"internal", "jack"};
constexpr std::string_view kClockOptions[] = {"lead", "beats_per_bar"};
constexpr double kMostBeats = 64;

/// Takes the option at the top of the stack, under its name. Returns what is wrong with it, or nothing.
std::string take_option(lua_State* L, Clock& clock) {
  const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? text_at(L, -2) : "";
  if (is_poison(L, -1)) return {};
  if (name == "lead") {
    if (lua_type(L, -1) != LUA_TBOOLEAN) return "clock: lead is true or false, not " + in_words(L, -1);
    clock.leads = lua_toboolean(L, -1) != 0;
    return {};
  }
  if (name == "beats_per_bar") {
    const double beats = lua_tonumber(L, -1);
    if (lua_type(L, -1) != LUA_TNUMBER)
      return "clock: beats_per_bar is a number of beats, not " + in_words(L, -1);
    if (!(beats >= 1 && beats <= kMostBeats))
      return fmt::format("clock: beats_per_bar {:g} is not between 1 and {:g}", beats, kMostBeats);
    clock.beats_per_bar = beats;
    return {};
  }
  if (name.empty()) return "clock takes options by their names, as in { lead = true }";
  const std::string hint = did_you_mean(name, kClockOptions);
  return fmt::format("clock has no option {}{}", name, hint.empty() ? "; it has lead, beats_per_bar" : hint);
}

/// The MIDI port that a table stands for, or nullptr.
const MidiPort* midi_port_at(lua_State* L, const Session& session, int index) {
  if (lua_type(L, index) != LUA_TTABLE) return nullptr;
  lua_pushliteral(L, "name");
  lua_rawget(L, index);
  const std::string_view name = lua_type(L, -1) == LUA_TSTRING ? text_at(L, -1) : "";
  lua_pop(L, 1);
  const auto& ports = session.workshop.patch.midi;
  const auto found = std::ranges::find(ports, name, &MidiPort::name);
  return found == ports.end() ? nullptr : &*found;
}

/// What the first argument chooses; nothing after a mistake.
std::optional<Clock> clock_at(lua_State* L, const Session& session, int index) {
  if (const MidiPort* port = midi_port_at(L, session, index))
    return Clock{.by = Clock::By::midi, .port = port->name};
  if (lua_type(L, index) != LUA_TSTRING) {
    refuse(L, "clock takes \"internal\", \"jack\" or a MIDI port, as in clock(midi(\"in\")), not " +
                  in_words(L, index));
    return std::nullopt;
  }
  const std::string_view name = text_at(L, index);
  if (name == "jack") return Clock{.by = Clock::By::jack};
  if (name == "internal") return Clock();
  const std::string hint = did_you_mean(name, kClocks);
  refuse(L, fmt::format("clock: there is no \"{}\"{}", name,
                        hint.empty() ? "; \"internal\", \"jack\" or a MIDI port" : hint));
  return std::nullopt;
}

/// clock(by, options)
int choose_clock(lua_State* L) {
  Session& session = Session::of(L);
  if (in_task(session)) return refuse(L, "the clock is chosen while the patch loads, not in a loop");
  lua_settop(L, 2);
  if (is_poison(L, 1) || is_poison(L, 2)) return 0;
  std::optional<Clock> clock = clock_at(L, session, 1);
  if (!clock) return 0;
  if (!lua_isnil(L, 2)) {
    if (lua_type(L, 2) != LUA_TTABLE)
      return refuse(L, "clock takes options after its name, as in { lead = true }, not " + in_words(L, 2));
    if (clock->by == Clock::By::itself) return refuse(L, "clock: \"internal\" has no options");
    if (clock->by == Clock::By::midi) return refuse(L, "clock: a MIDI port has no options");
    for (lua_pushnil(L); lua_next(L, 2) != 0; lua_settop(L, 3))
      if (std::string wrong = take_option(L, *clock); !wrong.empty()) refuse(L, std::move(wrong));
  }
  clock->where = user_place(L);
  session.workshop.patch.clock = std::move(*clock);
  return 0;
}

}  // namespace

void add_clock(lua_State* L, int names) {
  lua_pushcfunction(L, entry<choose_clock>);
  lua_setfield(L, names, "clock");
}

}  // namespace perigee
