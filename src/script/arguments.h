// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Arguments on Lua's stack become a node.

#pragma once

#include <lua.hpp>
#include <string>
#include <string_view>

#include "script/kinds.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

/// Fills in one node, in the workshop's scratch place. Reading a stack raises no Lua errors; mistakes are
/// noted and leave defaults.
class Arguments {
 public:
  Arguments(lua_State* L, const Kind& kind);

  /// Reads all arguments from this index on: positional, one table, or positional ones and a table of named
  /// ones.
  void read(int first);
  /// The signal before the colon.
  void feed(const Source& source);
  void put(const Slot& slot, const Source& source);
  void put(const Slot& slot, double number);
  /// Adds the node to the patch.
  NodeId finish();

 private:
  void next(int index);
  void read_table(int index, bool list);
  void read_named(int index);
  void put_value(const Slot& slot, int index);
  void put_fixed(const Slot& slot, int index);
  void put_poison(const Slot& slot);
  void put_numbers(std::size_t fixed, int index);
  void put_points(std::size_t fixed, int index);
  bool is_list_for(const Slot& slot, int index) const;
  bool claim(const Slot& slot);
  void complain(std::string text);
  std::size_t number_of(const Slot& slot) const {
    return static_cast<std::size_t>(&slot - kind_.slots.data());
  }

  lua_State* lua_;
  Session& session_;
  const Kind& kind_;
  PatchNode& node_;
  std::size_t cursor_ = 0;     ///< the next positional slot
  std::size_t excess_ = 0;     ///< positional arguments beyond the last slot
  const Slot* fed_ = nullptr;  ///< by the signal before the colon
  std::uint64_t claimed_ = 0;  ///< slots that have their value
};

/// A function that makes a node of a kind, and the method that feeds it a signal.
void push_function(lua_State* L, const Kind& kind);
void push_method(lua_State* L, const Kind& kind);

/// Sets a parameter of a node that is made already, to the value at an index of the stack.
void set_parameter(lua_State* L, const Source& source, std::string_view name, int index);

/// Notes a mistake about a node, in the line that runs.
void note_here(lua_State* L, NodeId node, std::string text);

}  // namespace perigee
