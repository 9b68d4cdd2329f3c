// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the end of a script tells: the mistakes that it noted on its way, and the error or limit that stopped
// it.

#pragma once

#include "script/session.h"

namespace perigee {

/// Whether a call that ended so wanted more memory than there is.
bool wanted_memory(const Session& session, int status);

std::string out_of_memory(const ScriptOptions& options);
std::string out_of_time(double seconds);

/// Of the compiler's message on top of the stack.
Mistake compile_mistake(lua_State* L, const Session& session);

/// How lua_pcall ended, besides what was noted.
void add_ending(Session& session, int status, std::vector<Mistake>& mistakes);

/// Names nodes and finishes notes, even if memory has ended; then the notes come before the other mistakes,
/// and all are sorted: those of the file first, then its modules, each by line.
void finish(Session& session, const std::string& file, std::vector<Mistake>& mistakes);

}  // namespace perigee
