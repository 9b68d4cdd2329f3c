// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/routes.h"

#include <fmt/format.h>

#include "script/errands.h"
#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr const char* kEnds[] = {"from", "to"};

/// What is wrong with a pattern, or nothing.
std::string pattern_mistake(lua_State* L, int index, std::string_view end) {
  if (lua_isnoneornil(L, index)) return fmt::format("route: {} is missing: route(\"from:*\", \"to:*\")", end);
  if (lua_type(L, index) != LUA_TSTRING)
    return fmt::format("route: {} takes a pattern in quotes, not {}", end, in_words(L, index));
  const std::string_view pattern = text_at(L, index);
  if (pattern.empty()) return fmt::format("route: {} is empty", end);
  if (pattern.find('\0') != std::string_view::npos)
    return fmt::format("route: {} holds a zero byte, as no port's name does", end);
  if (pattern.find_first_of(":*?[") == std::string_view::npos)
    return fmt::format(
        "route: {} \"{}\" matches nothing: full names of ports have a client and a colon before, as in "
        "\"{}:*\"",
        end, pattern, pattern);
  return {};
}

/// The place of the argument that the key under the value on top names, or 0.
int place_of_key(lua_State* L) {
  for (int place = 1; place <= 2; ++place) {
    if (lua_type(L, -2) == LUA_TNUMBER && lua_tonumber(L, -2) == place) return place;
    if (lua_type(L, -2) == LUA_TSTRING && text_at(L, -2) == kEnds[place - 1]) return place;
  }
  return 0;
}

/// Puts what the table at index 3 names in its places.
void take_named(lua_State* L) {
  for (lua_pushnil(L); lua_next(L, 3) != 0;) {
    const int place = place_of_key(L);
    if (place > 0 && lua_isnil(L, place)) {
      lua_replace(L, place);
      continue;
    }
    const bool is_word = lua_type(L, -2) == LUA_TSTRING;
    refuse(L, place > 0 ? fmt::format("route: {} is given twice", kEnds[place - 1])
              : is_word ? fmt::format("route has no argument {}; it has from, to", text_at(L, -2))
                        : "route takes two patterns, from and to, not more");
    lua_pop(L, 2);
  }
}

int route(lua_State* L) {
  if (in_task(Session::of(L))) return refuse(L, "routes are made while the patch loads, not in a loop");
  const int given = lua_gettop(L);
  if (given >= 1 && given <= 3 && lua_type(L, given) == LUA_TTABLE) {
    lua_settop(L, 3);
    if (given < 3) {
      lua_pushvalue(L, given);
      lua_replace(L, 3);
      lua_pushnil(L);
      lua_replace(L, given);
    }
    take_named(L);
  } else if (given > 2) {
    refuse(L, fmt::format("route takes two patterns, from and to, not {}", given));
    return 0;
  }
  lua_settop(L, 2);
  bool good = true;
  for (int i = 1; i <= 2; ++i) {
    if (is_poison(L, i)) {
      good = false;
    } else if (auto text = pattern_mistake(L, i, kEnds[i - 1]); !text.empty()) {
      refuse(L, std::move(text));
      good = false;
    }
  }
  if (!good) return 0;
  Session& session = Session::of(L);
  Route wanted{.from = std::string(text_at(L, 1)), .to = std::string(text_at(L, 2)), .where = user_place(L)};
  session.charge(sizeof(Route) + wanted.from.size() + wanted.to.size() + wanted.where.file.size());
  session.workshop.patch.routes.insert(std::move(wanted));  // once, as when a block is sent again
  return 0;
}

int ports(lua_State* L) {
  Session& session = Session::of(L);
  auto& found = session.workshop.ports;
  found.clear();
  lua_settop(L, 1);
  if (!lua_isnil(L, 1) && lua_type(L, 1) != LUA_TSTRING)
    return is_poison(L, 1) ? push_poison(L)
                           : refuse(L, "jack.ports takes a pattern in quotes, not " + in_words(L, 1));
  const std::string_view pattern = lua_isnil(L, 1) ? "*" : text_at(L, 1);
  const auto ask = [&] {
    try {
      found = session.options.ports(std::string(pattern));
    } catch (const std::exception&) {  // without memory, none are found
    }
  };
  if (session.options.ports) session.on_caller(ask);
  lua_createtable(L, static_cast<int>(found.size()), 0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    lua_pushlstring(L, found[i].data(), found[i].size());
    lua_rawseti(L, -2, static_cast<int>(i + 1));
  }
  return 1;
}

int order(lua_State* L, bool connect) {
  const std::string_view name = connect ? "jack.connect" : "jack.disconnect";
  lua_settop(L, 2);
  for (int i = 1; i <= 2; ++i) {
    if (is_poison(L, i)) return 0;
    if (lua_type(L, i) == LUA_TSTRING && text_at(L, i).find(':') != std::string_view::npos) continue;
    refuse(L, lua_type(L, i) == LUA_TSTRING
                  ? fmt::format("{}: \"{}\" is no port's full name: client:port", name, text_at(L, i))
                  : fmt::format("{} takes the full names of two ports, not {}", name, in_words(L, i)));
    return 0;
  }
  ask(L, WireOrder{connect, std::string(text_at(L, 1)), std::string(text_at(L, 2)), user_place(L)});
  return 0;
}

int connect(lua_State* L) { return order(L, true); }
int disconnect(lua_State* L) { return order(L, false); }

}  // namespace

void add_routes(lua_State* L, int names) {
  lua_pushcfunction(L, entry<route>);
  lua_setfield(L, names, "route");
  lua_newtable(L);
  lua_pushcfunction(L, entry<ports>);
  lua_setfield(L, -2, "ports");
  lua_pushcfunction(L, entry<connect>);
  lua_setfield(L, -2, "connect");
  lua_pushcfunction(L, entry<disconnect>);
  lua_setfield(L, -2, "disconnect");
  lua_setfield(L, names, "jack");
}

}  // namespace perigee
