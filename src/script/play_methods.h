// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the methods of a signal do in a loop, while the patch plays: nothing is made or wired, but numbers are
// set and notes are played, each at the loop's beat.

#pragma once

#include <lua.hpp>
#include <string_view>

#include "patch/patch.h"

namespace perigee {

/// signal:note(key, velocity, beats)
int play_note(lua_State* L);

/// speak(port, key or number or value, velocity or value, beats, what, channel): at a MIDI output.
int speak(lua_State* L);

/// signal.NAME = value
void play_assign(lua_State* L, const Source& source, std::string_view name, int index);

/// signal:set(value), signal:set{ name = value, …, over = seconds, curve = "exp" }
int play_set(lua_State* L);

}  // namespace perigee
