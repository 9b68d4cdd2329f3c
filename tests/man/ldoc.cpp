// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ldoc.h"

#include <doctest/doctest.h>

#include "mdoc.h"

using namespace perigee::man;

TEST_CASE("ldoc comments are read as written") {
  const LuaModule module = documented(file_text(SAMPLE_LUA));
  CHECK(module.doc == "Units: numbers as people say them. What they make is a plain number.");
  REQUIRE(module.functions.size() == 3);

  const LuaFunction& db = module.functions[0];
  CHECK(db.name == "db");
  CHECK(db.doc ==
        "The linear gain of a level in dB. `db(-6)` is about a half. .5 at the start of a line must not be "
        "taken for a macro.");
  REQUIRE(db.arguments.size() == 1);
  CHECK(db.arguments[0].name == "level");
  CHECK(db.arguments[0].type == "number");
  CHECK(db.arguments[0].doc == "in dB; 0 is unchanged, and \"more\" is louder \\ wider");
  CHECK(db.results.at(0).doc == "gain");
  CHECK(db.usage == "x = sine(440) * db(-6)\n  .indented = \"`code`\"\n");

  const LuaFunction& pan = module.functions[1];
  CHECK(pan.name == "signal:pan");
  CHECK(pan.arguments.at(0).optional);
  CHECK(pan.arguments.at(0).type == "number|signal");
  CHECK(pan.arguments.at(2).name == "opts.law");
  CHECK(pan.results.at(0).doc == "two lanes");

  CHECK(pan.overloads == std::vector<std::string>{"fun(self: signal): signal"});

  CHECK(module.name == "units");
  REQUIRE(module.fields.size() == 1);
  CHECK(module.fields[0].name == "all");
  CHECK(module.fields[0].type == "{number,...}");
  REQUIRE(module.tables.size() == 1);
  CHECK(module.tables[0].name == "point");
  CHECK(module.tables[0].doc == "A point: not of the manual, but of editors.");
  REQUIRE(module.tables[0].fields.size() == 2);
  CHECK(module.tables[0].fields[1].doc == "up");

  CHECK(module.functions[2].name == "M.say");
  CHECK(module.functions[2].arguments.at(1).name == "...");
}

TEST_CASE("whatever comes is read") {
  CHECK(documented("").functions.empty());
  CHECK(documented("---").functions.empty());
  CHECK(documented("--- alone").doc == "alone");
  CHECK(documented("--- one\n--- two\nfunction f(").functions.empty());
  CHECK(documented("--- a\n-- @tparam\n-- @return\nfunction f(a,,b) end").functions.at(0).name == "f");
  CHECK(documented("--- a\n-- @\nfunction f() end").functions.at(0).arguments.empty());
  CHECK(documented("--- a\r\n-- @param x y\r\nlocal f = function(x) end\r\n")
            .functions.at(0)
            .arguments.at(0)
            .doc == "y");
}

TEST_CASE("text cannot become a macro or an escape") {
  CHECK(prose(".Dd is not a macro") == "\\&.Dd is not a macro");
  CHECK(prose("'quoted'") == "\\&'quoted'");
  CHECK(prose("a\\b `c`") == "a\\eb \\(oqc\\(cq");
  CHECK(prose("One.  Two.") == "One.\nTwo.");
  CHECK(prose("−1 …") == "\\[u2212]1 \\[u2026]");
  CHECK(argument("a \"b\"") == "\"a \\(dqb\\(dq\"");
}
