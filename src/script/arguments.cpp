// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "script/hint.h"
#include "script/lua_value.h"

namespace perigee {

namespace {

/// Whether a table has anything at [1], and what. Leaves the stack as it was.
int type_of_first(lua_State* L, int index) {
  lua_rawgeti(L, index, 1);
  const int type = lua_type(L, -1);
  lua_pop(L, 1);
  return type;
}

}  // namespace

void Arguments::feed(const Source& source) {
  const Slot* slot = kind_.first(Slot::To::input);
  if (slot == nullptr) return draft_.complain("it has no input that a signal could go to");
  claim(*slot);
  fed_ = slot;
  draft_.put(*slot, source);
}

void Arguments::read(int first) {
  const int last = lua_gettop(lua_);
  for (int index = first; index <= last; ++index) {
    while (cursor_ < kind_.positional && !kind_.slots[cursor_].many && (claimed_ >> cursor_ & 1U) != 0)
      ++cursor_;
    const Slot* slot = cursor_ < kind_.positional ? &kind_.slots[cursor_] : nullptr;
    const bool list = slot != nullptr && is_list_for(*slot, index);
    if (index == last && lua_type(lua_, index) == LUA_TTABLE)
      read_table(index, list);
    else
      next(index);
  }
  if (excess_ == 0) return;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kind_.positional; ++i)
    if (fed_ != &kind_.slots[i]) names.push_back(kind_.slots[i].name);
  if (names.empty())
    draft_.complain(fmt::format("it takes no arguments, not {}", excess_));
  else
    draft_.complain(fmt::format("it takes at most {} ({}), not {}", names.size(), fmt::join(names, ", "),
                                names.size() + excess_));
}

/// A table in the last place: the value of its slot, or arguments: first those with positions, then named
/// ones.
void Arguments::read_table(int index, bool list) {
  if (list) {
    next(index);
  } else {
    const auto size = static_cast<int>(lua_objlen(lua_, index));
    for (int i = 1; i <= size; ++i) {
      lua_rawgeti(lua_, index, i);
      next(lua_gettop(lua_));
      lua_pop(lua_, 1);
    }
  }
  read_named(index);
}

void Arguments::read_named(int index) {
  for (lua_pushnil(lua_); lua_next(lua_, index) != 0; lua_pop(lua_, 1)) {
    if (lua_type(lua_, -2) == LUA_TNUMBER) continue;
    if (lua_type(lua_, -2) != LUA_TSTRING) {
      draft_.complain("names of arguments are words");
      continue;
    }
    const std::string_view name = text_at(lua_, -2);
    const Slot* slot = kind_.find(name);
    if (slot != nullptr) {
      if (claim(*slot)) draft_.put_value(*slot, lua_gettop(lua_));
      continue;
    }
    std::string hint = did_you_mean(name, kind_.names());
    if (hint.empty() && !kind_.slots.empty())
      hint = fmt::format("; it has {}", fmt::join(kind_.names(), ", "));
    draft_.complain(fmt::format("there is no parameter {}{}", name, hint));
  }
}

/// The next argument that has a position.
void Arguments::next(int index) {
  while (cursor_ < kind_.positional && !kind_.slots[cursor_].many && (claimed_ >> cursor_ & 1U) != 0)
    ++cursor_;
  if (cursor_ >= kind_.positional) {
    ++excess_;
    return;
  }
  const Slot& slot = kind_.slots[cursor_];
  if (!slot.many) {
    claim(slot);
    ++cursor_;
    return draft_.put_value(slot, index);
  }
  // Any number of signals, or one list; then the slots behind.
  const bool more = cursor_ + 1 < kind_.positional;
  const int type = lua_type(lua_, index);
  if (type == LUA_TUSERDATA || (type == LUA_TNUMBER && !more)) return draft_.put_value(slot, index);
  ++cursor_;
  if (type != LUA_TTABLE && more) return next(index);
  draft_.put_value(slot, index);
}

bool Arguments::is_list_for(const Slot& slot, int index) const {
  if (lua_type(lua_, index) != LUA_TTABLE) return false;
  const int first = type_of_first(lua_, index);
  if (slot.to == Slot::To::input) return slot.many && first != LUA_TNIL && first != LUA_TTABLE;
  if (slot.to != Slot::To::fixed || first == LUA_TNIL) return false;
  switch (kind_.spec->fixed[slot.index].type) {
    case Fixed::Type::numbers:
      return first != LUA_TTABLE;
    case Fixed::Type::points: {
      if (first != LUA_TTABLE) return true;
      lua_rawgeti(lua_, index, 1);
      const int inner = type_of_first(lua_, lua_gettop(lua_));
      lua_pop(lua_, 1);
      return inner != LUA_TTABLE;
    }
    default:
      return false;
  }
}

bool Arguments::claim(const Slot& slot) {
  const std::uint64_t bit = std::uint64_t{1} << number_of(slot);
  if ((claimed_ & bit) != 0 && !slot.many) {
    draft_.complain(fmt::format("{} is given twice", slot.name));
    return false;
  }
  claimed_ |= bit;
  return true;
}

}  // namespace perigee
