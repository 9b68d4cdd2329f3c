// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/moment.h"

#include <numeric>
#include <set>

#include "script/held.h"
#include "script/session.h"
#include "script/signal.h"

namespace perigee {

namespace {

struct Return {
  const Moment& moment;
  std::vector<std::pair<std::string, Source>> from{};
};

int put_back_signals(lua_State* L) {
  auto& [moment, from] = *static_cast<Return*>(lua_touserdata(L, 1));
  const Session& session = Session::of(L);
  from = global_signals(L, session);
  lua_rawgeti(L, LUA_REGISTRYINDEX, session.globals_ref);
  for (const auto& [name, source] : from) {
    lua_pushlstring(L, name.data(), name.size());
    lua_pushnil(L);
    lua_rawset(L, 2);
  }
  for (const auto& [name, source] : moment.signals) {
    lua_pushlstring(L, name.data(), name.size());
    push_signal(L, source);
    lua_rawset(L, 2);
  }
  return 0;
}

}  // namespace

void put_back(Session& session, const Moment& moment) {
  Return job{moment};
  lua_cpcall(session.lua, entry<put_back_signals>, &job);
  lua_settop(session.lua, 0);
  // Of two names of one node the first counts, so their order comes back too.
  auto& globals = session.workshop.globals;
  auto& assigned = session.workshop.assigned;
  std::set<std::string> moved;
  for (const auto& [name, source] : job.from) moved.insert(name), assigned.erase(name);
  for (const auto& [name, source] : moment.signals) moved.insert(name), assigned.try_emplace(name);
  std::erase_if(globals, [&](const std::string& name) { return moved.contains(name); });
  for (const auto& [name, source] : moment.signals) globals.push_back(name);
}

void count_nodes(Session& session) {
  const auto& nodes = session.workshop.patch.nodes;
  for (std::size_t id = session.made.size(); id < nodes.size(); ++id) session.made.push_back(nodes[id].spec);
}

std::shared_ptr<Moment> first_moment(Session& session) {
  count_nodes(session);
  auto moment = std::make_shared<Moment>();
  moment->origin.resize(session.workshop.patch.nodes.size());
  std::iota(moment->origin.begin(), moment->origin.end(), NodeId{0});
  struct Job {
    Session& session;
    Moment& moment;
  } job{session, *moment};
  const auto take = [](lua_State* L) -> int {
    auto& given = *static_cast<Job*>(lua_touserdata(L, 1));
    given.moment.signals = global_signals(L, given.session);
    return 0;
  };
  lua_cpcall(session.lua, take, &job);
  lua_settop(session.lua, 0);
  return moment;
}

}  // namespace perigee
