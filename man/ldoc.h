// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The comments that document the Lua side of the API, as ldoc reads them: "--- summary", lines of "-- text",
// tags.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perigee::man {

struct LuaArgument {
  std::string name, type, doc;
  bool optional = false;
};

struct LuaFunction {
  std::string name;  ///< with what it is called on: "signal:pan"
  std::string doc;
  std::vector<LuaArgument> arguments;
  std::vector<LuaArgument> results;    ///< without names
  std::vector<std::string> overloads;  ///< other ways to call it, as editors write them
  std::string usage;                   ///< lines of code
};

/// What @table names: fields that scripts find in it.
struct LuaTable {
  std::string name, doc;
  std::vector<LuaArgument> fields;
};

struct LuaModule {
  std::string name;                 ///< as in @module
  std::string doc;                  ///< of the block that has @module, or is followed by no function
  std::vector<LuaArgument> fields;  ///< of the module
  std::vector<LuaFunction> functions;
  std::vector<LuaTable> tables;
};

/// Whatever has no tag that is known here is text; what is @local is left out.
LuaModule documented(std::string_view source);

}  // namespace perigee::man
