// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A node that is being made.

#pragma once

#include <lua.hpp>
#include <string>
#include <type_traits>

#include "script/kinds.h"
#include "script/session.h"

namespace perigee {

/// Of memory, for the script's limit.
std::size_t bytes_of(const PatchNode& node);

/// A node of this kind, constant or selector, that holds the number. Throws where there is no such kind.
Source add_number(Session& session, std::string_view kind, double number, const Place& where);

/// What its arguments have given so far, in the workshop's scratch place. Reading a stack raises no Lua
/// errors; mistakes are noted and leave defaults.
class Draft {
 public:
  Draft(lua_State* L, const Kind& kind);

  void put(const Slot& slot, const Source& source);
  void put(const Slot& slot, double number);
  /// The value at an index of the stack.
  void put_value(const Slot& slot, int index);
  void complain(std::string text);
  /// Adds the node to the patch.
  NodeId finish();

 private:
  void put_poison(const Slot& slot);
  void put_fixed(const Slot& slot, int index);
  void put_numbers(std::size_t fixed, int index);
  void put_points(std::size_t fixed, int index);
  void make_room(std::size_t most);
  void give_index_a_node();

  lua_State* lua_;
  Session& session_;
  const Kind& kind_;
  PatchNode& node_;
  bool most_given_ = false;  ///< Spec::most
};

static_assert(std::is_trivially_destructible_v<Draft>, "Lua errors may pass over it");

}  // namespace perigee
