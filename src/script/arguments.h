// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which argument of a call goes where in a node.

#pragma once

#include <lua.hpp>

#include "script/draft.h"

namespace perigee {

/// Hands the arguments on Lua's stack to a draft, by position and by name. Raises no Lua errors.
class Arguments {
 public:
  Arguments(lua_State* L, const Kind& kind) : lua_(L), kind_(kind), draft_(L, kind) {}

  /// The signal before the colon.
  void feed(const Source& source);
  /// Reads all arguments from this index on: positional, one table, or positional ones and a table of named
  /// ones.
  void read(int first);
  /// Adds the node to the patch.
  NodeId finish() { return draft_.finish(); }

 private:
  void next(int index);
  void read_table(int index, bool list);
  void read_named(int index);
  bool is_list_for(const Slot& slot, int index) const;
  bool claim(const Slot& slot);
  std::size_t number_of(const Slot& slot) const {
    return static_cast<std::size_t>(&slot - kind_.slots.data());
  }

  lua_State* lua_;
  const Kind& kind_;
  Draft draft_;
  std::size_t cursor_ = 0;     ///< the next positional slot
  std::size_t excess_ = 0;     ///< positional arguments beyond the last slot
  const Slot* fed_ = nullptr;  ///< by the signal before the colon
  std::uint64_t claimed_ = 0;  ///< slots that have their value
};

}  // namespace perigee
