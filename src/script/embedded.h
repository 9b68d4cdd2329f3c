// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Lua side of the API, built into the program: generated from lua/*/*.lua.

#pragma once

#include <span>
#include <string_view>

namespace perigee {

struct Embedded {
  std::string_view name;  ///< "api/units.lua"
  std::string_view text;
};

std::span<const Embedded> embedded_lua();

}  // namespace perigee
