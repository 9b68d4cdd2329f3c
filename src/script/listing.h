// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ls() and tree(x): what there is, and what feeds it.

#pragma once

#include <lua.hpp>
#include <string>

#include "patch/patch.h"

namespace perigee {

class Session;

/// Puts ls and tree into the table of names at an index.
void add_listing(lua_State* L, int names);

/// The node and, indented, what each of its inputs and parameters hears, down to the sources. What has been
/// told is not told again; of a large patch, the first 1000 lines.
std::string tree_text(const Patch& patch, const Source& source);

}  // namespace perigee
