// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text of a script.

#pragma once

#include <filesystem>
#include <lua.hpp>

namespace perigee {

class Session;

/// Compiles a file, or the text given for it, onto the stack: text only, never bytecode. Else a message is
/// there, and the result is not 0. Raises no Lua error; throws std::runtime_error if the file cannot be read.
int load_source(lua_State* L, Session& session, const std::filesystem::path& path);

}  // namespace perigee
