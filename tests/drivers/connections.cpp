// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/connections.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace perigee;

namespace {

using Wires = std::vector<PortWire>;

/// A server that knows who made each wire.
struct Table final : Patchbay {
  std::vector<Patchbay::Port> ports() const override { return all; }
  bool has(const std::string& port) const override {
    return std::ranges::find(all, port, &Patchbay::Port::name) != all.end();
  }
  Connected connect(const PortWire& wire) override {
    if (!has(wire.first) || !has(wire.second)) return Connected::not_at_all;
    return by_hand.emplace(wire, false).second ? Connected::now : Connected::before;
  }
  bool disconnect(const PortWire& wire) override {
    const auto found = by_hand.find(wire);
    if (found == by_hand.end()) return false;
    CHECK_MESSAGE(!found->second, "taken apart although made by hand: ", wire.first, " ", wire.second);
    by_hand.erase(found);
    told.push_back(wire);
    return true;
  }

  std::vector<Patchbay::Port> all;
  std::map<PortWire, bool> by_hand;  ///< every wire
  Wires told;                        ///< disconnected, as the server tells everybody
};

std::vector<Patchbay::Port> audio(const std::vector<std::string>& outputs,
                                  const std::vector<std::string>& inputs) {
  std::vector<Patchbay::Port> ports;
  ports.reserve(outputs.size() + inputs.size());
  for (const auto& name : outputs) ports.push_back({.name = name, .is_output = true});
  for (const auto& name : inputs) ports.push_back({.name = name});
  return ports;
}

Wires routed(const std::string& from, const std::string& to, const std::vector<Patchbay::Port>& ports) {
  return wires_of(Route{from, to, {}}, ports);
}

}  // namespace

TEST_CASE("one lane meets all, several meet in pairs, in order") {
  const auto met = [](const std::vector<std::string>& ours, const std::vector<std::string>& peers) {
    return wires_of(Wish{ours, "*", false}, audio({}, peers));
  };
  CHECK(met({"a"}, {}).empty());
  CHECK(met({"a"}, {"x", "y", "z"}) == Wires{{"a", "x"}, {"a", "y"}, {"a", "z"}});
  CHECK(met({"a", "b"}, {"x", "y", "z"}) == Wires{{"a", "x"}, {"b", "y"}});
  CHECK(met({"a", "b", "c"}, {"x"}) == Wires{{"a", "x"}});
  CHECK(wires_of(Wish{{"a", "b"}, "m:*", true}, audio({"m:1", "n:1", "m:2"}, {"m:3"})) ==
        Wires{{"m:1", "a"}, {"m:2", "b"}});
}

TEST_CASE("a port's wishes leave MIDI and our own ports alone, routes do not") {
  const std::vector<Patchbay::Port> ports = {{.name = "us:out", .is_output = true, .is_ours = true},
                                             {.name = "us:in", .is_ours = true},
                                             {.name = "k:keys", .is_output = true, .is_midi = true},
                                             {.name = "s:notes", .is_midi = true},
                                             {.name = "s:in"}};
  CHECK(wires_of(Wish{{"us:out"}, "*", false}, ports) == Wires{{"us:out", "s:in"}});
  CHECK(routed("*", "*", ports) == Wires{{"us:out", "us:in"}, {"us:out", "s:in"}, {"k:keys", "s:notes"}});
  CHECK(routed("k:keys", "s:*", ports) == Wires{{"k:keys", "s:notes"}});
}

TEST_CASE("a route: one port on either side meets all, several meet in pairs, in order") {
  CHECK(routed("a:*", "x:*", audio({"a:1"}, {"x:1", "x:2"})) == Wires{{"a:1", "x:1"}, {"a:1", "x:2"}});
  CHECK(routed("a:*", "x:*", audio({"a:1", "a:2"}, {"x:1"})) == Wires{{"a:1", "x:1"}, {"a:2", "x:1"}});
  CHECK(routed("a:*", "x:*", audio({"a:1", "a:2", "a:3"}, {"x:1", "x:2"})) ==
        Wires{{"a:1", "x:1"}, {"a:2", "x:2"}});
  CHECK(routed("a:*", "x:*", audio({"a:1", "a:2"}, {"y:1"})).empty());
  CHECK(routed("a:?", "x:[ab]", audio({"a:1", "a:10"}, {"x:a", "x:c"})) == Wires{{"a:1", "x:a"}});
}

TEST_CASE("a name is a pattern of itself, whatever is in it") {
  CHECK(routed("a2j:Keys [20] (capture)", "x:in", audio({"a2j:Keys [20] (capture)"}, {"x:in"})).size() == 1);
}

TEST_CASE("orders are carried out once, or it is told why not") {
  Table table;
  table.all = audio({"a:1"}, {"x:1"});
  CHECK(carry_out({true, "a:1", "x:1", {}}, table).empty());
  CHECK(table.by_hand.size() == 1);
  CHECK(carry_out({true, "a:1", "x:1", {}}, table).empty());
  CHECK(carry_out({true, "b:1", "x:1", {}}, table) == "jack.connect: there is no port \"b:1\"");
  CHECK(carry_out({false, "a:1", "x:2", {}}, table) == "jack.disconnect: there is no port \"x:2\"");
  CHECK(carry_out({false, "a:1", "x:1", {}}, table).empty());
  CHECK(table.by_hand.empty());
  CHECK(carry_out({false, "a:1", "x:1", {}}, table).empty());
}

TEST_CASE("what comes and goes, by hand or not, with any routes") {
  constexpr int kSteps = 400;
  std::vector<Patchbay::Port> universe;
  for (const char* client : {"a", "b", "c"})
    for (int i = 0; i < 6; ++i)
      universe.push_back({.name = fmt::format("{}:{}{}", client, i % 2 == 0 ? "out_" : "in_", i / 2 + 1),
                          .is_output = i % 2 == 0,
                          .is_midi = i / 2 == 2});
  const std::vector<std::string> patterns = {"a:*",     "b:*",    "*:out_*", "*:*_1",
                                             "b:out_2", "c:in_1", "*",       "c:*"};
  for (unsigned seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    Table table;
    Connections connections;
    std::set<Route> routes;
    std::set<PortWire> wanted, taken;  // taken apart by hand
    const auto touches = [](const std::string& port) {
      return [port](const PortWire& wire) { return wire.first == port || wire.second == port; };
    };
    const auto renew = [&] {
      wanted.clear();
      for (const Route& route : routes)
        for (const PortWire& wire : wires_of(route, table.all)) wanted.insert(wire);
      std::erase_if(taken, [&](const PortWire& wire) { return !wanted.contains(wire); });
      connections.renew(table);
      for (const PortWire& wire : wanted) {
        CAPTURE(wire.first);
        CAPTURE(wire.second);
        CHECK(table.by_hand.contains(wire) != taken.contains(wire));
      }
      for (const auto& made : table.by_hand) {
        CAPTURE(made.first.first);
        CAPTURE(made.first.second);
        CHECK((made.second || wanted.contains(made.first)));
      }
    };
    // The server tells later, perhaps after the next change.
    const auto hear = [&] {
      for (const PortWire& wire : std::exchange(table.told, {})) connections.parted(wire);
    };
    for (int step = 0; step < kSteps; ++step) {
      CAPTURE(step);
      const Patchbay::Port& port = universe[any(universe.size())];
      if (any(2) == 0) hear();
      switch (any(6)) {
        case 0:
        case 1:
          if (table.has(port.name)) break;
          table.all.push_back(port);
          std::erase_if(taken, touches(port.name));
          connections.came(port.name);
          renew();
          break;
        case 2: {
          if (!table.has(port.name)) break;
          std::erase_if(table.all, [&](const Patchbay::Port& one) { return one.name == port.name; });
          const bool tells = any(2) == 0;
          for (const auto& [wire, by_hand] : std::map(table.by_hand)) {
            if (!touches(port.name)(wire)) continue;
            table.by_hand.erase(wire);
            if (tells) connections.parted(wire);
          }
          std::erase_if(taken, touches(port.name));
          std::erase_if(wanted, touches(port.name));
          connections.went(table);
          break;
        }
        case 3: {
          const Patchbay::Port& other = universe[any(universe.size())];
          if (!port.is_output || other.is_output || port.is_midi != other.is_midi) break;
          if (!table.has(port.name) || !table.has(other.name)) break;
          // A wire that is there already stays whose it was.
          if (table.by_hand.emplace(PortWire{port.name, other.name}, true).second)
            taken.erase(PortWire{port.name, other.name});
          break;
        }
        case 4: {
          if (table.by_hand.empty()) break;
          const PortWire wire =
              std::next(table.by_hand.begin(), static_cast<int>(any(table.by_hand.size())))->first;
          table.by_hand.erase(wire);
          hear();
          connections.parted(wire);
          if (wanted.contains(wire)) taken.insert(wire);
          break;
        }
        default: {
          std::set<Route> next;
          for (std::size_t i = any(4); i > 0; --i) {
            const Route line{patterns[any(patterns.size())], patterns[any(patterns.size())], {}};
            const bool again = !routes.empty() && any(2) == 0;
            next.insert(again ? *std::next(routes.begin(), static_cast<int>(any(routes.size()))) : line);
          }
          for (const Route& route : next)
            if (!routes.contains(route))
              for (const PortWire& wire : wires_of(route, table.all)) taken.erase(wire);
          routes = next;
          connections.route(routes);
          renew();
          break;
        }
      }
    }
    connections.route({});
    connections.renew(table);
    for (const auto& left : table.by_hand) {
      CAPTURE(left.first.first);
      CAPTURE(left.first.second);
      CHECK(left.second);
    }
  }
}
