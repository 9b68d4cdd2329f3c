// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/errands.h"

#include <fmt/format.h>

#include <utility>

#include "script/lua_value.h"
#include "script/poison.h"
#include "script/position.h"
#include "script/session.h"

namespace perigee {

namespace {

constexpr int kMostOscValues = 64;

/// send(to, path, values …): a message of OSC.
int send(lua_State* L) {
  const int values = lua_gettop(L) - 2;
  for (int i = 1; i <= 2; ++i) {
    if (is_poison(L, i)) return 0;
    if (lua_type(L, i) != LUA_TSTRING)
      return refuse(L,
                    fmt::format("osc.send takes {}, not {}",
                                i == 1 ? "an address in quotes, as \"127.0.0.1:9000\"" : "a path in quotes",
                                in_words(L, i)));
  }
  if (!text_at(L, 2).starts_with('/'))
    return refuse(L, fmt::format("osc.send: the path \"{}\" does not begin with /", text_at(L, 2)));
  if (values > kMostOscValues)
    return refuse(L, fmt::format("osc.send takes {} values at most, not {}", kMostOscValues, values));
  OscSending sending{
      .to = std::string(text_at(L, 1)), .path = std::string(text_at(L, 2)), .where = user_place(L)};
  for (int i = 3; i <= values + 2; ++i) {
    if (is_poison(L, i)) return 0;
    if (lua_type(L, i) == LUA_TNUMBER)
      sending.values.emplace_back(lua_tonumber(L, i));
    else if (lua_type(L, i) == LUA_TBOOLEAN)
      sending.values.emplace_back(lua_toboolean(L, i) != 0);
    else if (lua_type(L, i) == LUA_TSTRING)
      sending.values.emplace_back(std::string(text_at(L, i)));
    else
      return refuse(L, "osc.send sends numbers, booleans and text, not " + in_words(L, i));
  }
  ask(L, std::move(sending));
  return 0;
}

struct SizeOf {
  std::size_t operator()(const WireOrder& order) const {
    return order.from.size() + order.to.size() + order.where.file.size();
  }
  std::size_t operator()(const OscSending& sending) const {
    std::size_t size = sending.to.size() + sending.path.size() + sending.where.file.size();
    for (const PlainValue& value : sending.values) {
      const auto* text = std::get_if<std::string>(&value);
      size += sizeof value + (text == nullptr ? 0 : text->size());
    }
    return size;
  }
};

}  // namespace

void ask(lua_State* L, Errand errand) {
  Session& session = Session::of(L);
  if (in_task(session)) {
    add_action(session,
               {.what = Action::What::errand, .errand = std::make_shared<const Errand>(std::move(errand))});
    return;
  }
  session.charge(sizeof(Errand) + std::visit(SizeOf(), errand));
  session.workshop.errands.push_back(std::move(errand));
}

void add_errands(lua_State* L) {
  lua_pushcfunction(L, entry<send>);
  lua_setfield(L, -2, "send");
}

}  // namespace perigee
