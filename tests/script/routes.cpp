// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <map>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::set<Route> routes(std::string_view text) {
  const Result result = run(text);
  CHECK(result.mistakes == std::vector<std::string>());
  return result.patch.routes;
}

}  // namespace

TEST_CASE("route takes two patterns, by place or by name") {
  const std::set<Route> one = {{"a:*", "b:in", {}}};
  CHECK(routes("route('a:*', 'b:in')") == one);
  CHECK(routes("route{ from = 'a:*', to = 'b:in' }") == one);
  CHECK(routes("route{ 'a:*', 'b:in' }") == one);
  CHECK(routes("route('a:*', { to = 'b:in' })") == one);
  CHECK(routes("route('a:*', 'b:in', {})") == one);
  CHECK(routes("route('[ab]', '*')").size() == 1);
  CHECK(routes("route('*', '?[12]')\nroute('a:*', 'b:in')\nroute('a:*', 'b:in')").size() == 2);
}

TEST_CASE("a route knows its line, also through a function") {
  std::map<std::string, int> lines;
  for (const Route& route :
       routes("local function both(a)\n  route(a .. ':*', 'b:*')\nend\nboth('x')\nroute('a:*', 'b:*')"))
    lines[route.from] = route.where.line;
  CHECK(lines == std::map<std::string, int>{{"x:*", 2}, {"a:*", 5}});
}

TEST_CASE("mistakes of routes") {
  const std::string missing = "route: to is missing: route(\"from:*\", \"to:*\")";
  CHECK(mistake("\nroute('a:*')") == "patch.lua:2: " + missing);
  CHECK(mistake("route{ from = 'a:*' }") == "patch.lua:1: " + missing);
  CHECK(mistake("route('a:*', 3)") == "patch.lua:1: route: to takes a pattern in quotes, not a number");
  CHECK(mistake("route(sine(1), 'b:*')") ==
        "patch.lua:1: route: from takes a pattern in quotes, not a signal");
  CHECK(mistake("route('', 'b:*')") == "patch.lua:1: route: from is empty");
  CHECK(mistake("route('a:*', 'b:\\0')") ==
        "patch.lua:1: route: to holds a zero byte, as no port's name does");
  CHECK(
      mistake("route('Hydrogen', 'b:*')") ==
      "patch.lua:1: route: from \"Hydrogen\" matches nothing: full names of ports have a client and a colon "
      "before, as in \"Hydrogen:*\"");
  CHECK(mistake("route('a:*', 'b:*', 'c:*')") == "patch.lua:1: route takes two patterns, from and to, not 3");
  CHECK(mistake("route('a:*', 'b:*', 'c:*', {})") ==
        "patch.lua:1: route takes two patterns, from and to, not 4");
  CHECK(mistake("route{ 'a:*', 'b:*', 'c:*' }") ==
        "patch.lua:1: route takes two patterns, from and to, not more");
  CHECK(mistake("route('a:*', 'b:*', { form = 'c:*' })") ==
        "patch.lua:1: route has no argument form; it has from, to");
  CHECK(mistake("route('a:*', 'b:*', { from = 'c:*' })") == "patch.lua:1: route: from is given twice");
  CHECK(mistake("route(nothing, 'b:*')") == "patch.lua:1: nothing is not defined");
  CHECK(mistake("rout('a:*', 'b:*')") == "patch.lua:1: rout is not defined: did you mean route?");
  CHECK(mistake("route('', {})") == "patch.lua:1: route: from is empty\npatch.lua:1: " + missing);
}

TEST_CASE("routes count towards the memory of a patch") {
  ScriptOptions options = script_options();
  options.memory = 8 << 20;
  options.seconds = 60;
  const auto result = run("for i = 1, 1e6 do route('a:' .. i, 'b:*') end", options);
  REQUIRE(result.mistakes.size() == 1);
  CHECK(result.mistakes[0] == "patch.lua:1: stopped: it took more than 8 MiB");
  const auto orders = run("for i = 1, 1e6 do jack.connect('a:b', 'c:d') end", options);
  REQUIRE(orders.mistakes.size() == 1);
  CHECK(orders.mistakes[0] == "patch.lua:1: stopped: it took more than 8 MiB");
}

TEST_CASE("whoever cannot tell the ports has none") {
  ScriptOptions options = script_options();
  options.ports = [](const std::string&) -> std::vector<std::string> {
    throw std::runtime_error("no server");
  };
  CHECK(run("assert(#jack.ports('*') == 0)", options).mistakes == std::vector<std::string>());
}

TEST_CASE("jack.ports asks whoever knows, and jack.connect is left to be done") {
  ScriptOptions options = script_options();
  std::vector<std::string> asked;
  options.ports = [&](const std::string& pattern) {
    asked.push_back(pattern);
    return std::vector<std::string>{"a:out", "b:\"in\""};
  };
  const Folder folder;
  const auto path = folder.write("patch.lua", R"(for i, name in ipairs(jack.ports("a:*")) do
  jack.connect(name, "c:in")
end
assert(#jack.ports() == 2)
jack.disconnect("d:out", "e:in"))");
  const Loaded loaded = load_script(path, options);
  for (const Mistake& mistake : loaded.mistakes) FAIL_CHECK(to_string(mistake));
  CHECK(asked == std::vector<std::string>{"a:*", "*"});
  const Place loop{path.string(), 2}, end{path.string(), 5};
  CHECK(loaded.errands == std::vector<Errand>{WireOrder{true, "a:out", "c:in", loop},
                                              WireOrder{true, "b:\"in\"", "c:in", loop},
                                              WireOrder{false, "d:out", "e:in", end}});
  CHECK(mistake("assert(#jack.ports('*') == 0)") == "none");
}

TEST_CASE("mistakes of jack") {
  CHECK(mistake("jack.ports(3)") == "patch.lua:1: jack.ports takes a pattern in quotes, not a number");
  CHECK(mistake("jack.connect('a:b')") ==
        "patch.lua:1: jack.connect takes the full names of two ports, not nil");
  CHECK(mistake("jack.disconnect('a:b', 'c')") ==
        "patch.lua:1: jack.disconnect: \"c\" is no port's full name: client:port");
  // A name that is not defined is told once.
  CHECK(mistake("jack.connect('a:b', nothing)") == "patch.lua:1: nothing is not defined");
  CHECK(mistake("for i = 1, #(jack.ports(nothing) or {}) do end")
            .starts_with("patch.lua:1: nothing is not defined"));
  CHECK(mistake("jack.ports(nothing)") == "patch.lua:1: nothing is not defined");
}
