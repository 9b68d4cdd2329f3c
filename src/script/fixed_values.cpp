// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Texts, numbers and lists that a node is built with.

#include "script/draft.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "node/facts.h"
#include "script/hint.h"
#include "script/lua_value.h"
#include "script/poison.h"

namespace perigee {

void Draft::put_fixed(const Slot& slot, int index) {
  const Fixed& fixed = kind_.spec->fixed[slot.index];
  if (static_cast<int>(slot.index) == kind_.spec->most) most_given_ = true;
  const int type = lua_type(lua_, index);
  const auto wrong = [&](std::string_view wanted) {
    const bool is_port = kind_.spec->role == Role::input || kind_.spec->role == Role::output;
    const std::string hint = type != LUA_TUSERDATA ? ""
                             : is_port             ? ": it is called as " + usage(*kind_.spec)
                                                   : ": it is fixed when the node is made";
    complain(fmt::format("{} takes {}, not {}{}", slot.name, wanted, in_words(lua_, index), hint));
    put_poison(slot);
  };
  switch (fixed.type) {
    case Fixed::Type::number:
      if (type != LUA_TNUMBER && type != LUA_TBOOLEAN) return wrong("a number");
      node_.fixed[slot.index] = type == LUA_TNUMBER ? lua_tonumber(lua_, index) : lua_toboolean(lua_, index);
      return;
    case Fixed::Type::text:
    case Fixed::Type::choice:
      if (type != LUA_TSTRING) return wrong("a text");
      node_.fixed[slot.index] = std::string(text_at(lua_, index));
      return;
    case Fixed::Type::numbers:
      if (type == LUA_TNUMBER)
        node_.fixed[slot.index] = std::vector<double>{lua_tonumber(lua_, index)};
      else if (type == LUA_TTABLE)
        put_numbers(slot.index, index);
      else
        wrong("a list of numbers");
      return;
    case Fixed::Type::points:
      if (type != LUA_TTABLE) return wrong("a list of points { seconds, value, curve }");
      put_points(slot.index, index);
  }
}

void Draft::put_numbers(std::size_t fixed, int index) {
  auto& list = node_.fixed[fixed].emplace<std::vector<double>>();
  const std::size_t size = lua_objlen(lua_, index);
  list.reserve(size);
  for (std::size_t i = 1; i <= size; ++i) {
    lua_rawgeti(lua_, index, static_cast<int>(i));
    if (lua_type(lua_, -1) != LUA_TNUMBER && !is_poison(lua_, -1))
      complain(
          fmt::format("{} takes numbers: [{}] is {}", kind_.spec->fixed[fixed].name, i, in_words(lua_, -1)));
    list.push_back(lua_tonumber(lua_, -1));
    lua_pop(lua_, 1);
  }
}

void Draft::put_points(std::size_t fixed, int index) {
  constexpr std::string_view kCurves[] = {"step", "lin", "exp", "s"};
  auto& list = node_.fixed[fixed].emplace<std::vector<Point>>();
  const std::size_t size = lua_objlen(lua_, index);
  for (std::size_t i = 1; i <= size; ++i) {
    lua_rawgeti(lua_, index, static_cast<int>(i));
    const int point = lua_gettop(lua_);
    Point read;
    if (lua_type(lua_, point) == LUA_TTABLE) {
      for (int part = 1; part <= 3; ++part) lua_rawgeti(lua_, point, part);
      const auto fits = [&](int at) { return lua_type(lua_, at) == LUA_TNUMBER || is_poison(lua_, at); };
      if (!fits(point + 1) || !fits(point + 2))
        complain(fmt::format("point {} is {{ {}, {} }}: a point is {{ seconds, value, curve }}", i,
                             in_words(lua_, point + 1), in_words(lua_, point + 2)));
      read.time = lua_tonumber(lua_, point + 1);
      read.value = lua_tonumber(lua_, point + 2);
      std::string_view curve = "lin";
      if (lua_type(lua_, point + 3) == LUA_TSTRING) curve = lua_tostring(lua_, point + 3);
      if (std::ranges::count(kCurves, curve) == 0 ||
          (lua_type(lua_, point + 3) != LUA_TSTRING && !lua_isnil(lua_, point + 3) &&
           !is_poison(lua_, point + 3)))
        complain(fmt::format("point {}: its curve is not one of {}{}", i, fmt::join(kCurves, ", "),
                             did_you_mean(curve, kCurves)));
      else
        read.curve = curve;
    } else if (!is_poison(lua_, point)) {
      complain(
          fmt::format("point {} is {}: a point is {{ seconds, value, curve }}", i, in_words(lua_, point)));
    }
    list.push_back(std::move(read));
    lua_settop(lua_, point - 1);
  }
}

}  // namespace perigee
