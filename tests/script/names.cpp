// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {
std::vector<std::string> names(std::string_view text) {
  const Result result = run(text);
  REQUIRE(result.mistakes == std::vector<std::string>());
  std::vector<std::string> names;
  for (const PatchNode& node : result.patch.nodes) names.push_back(node.name);
  return names;
}
using Names = std::vector<std::string>;
}  // namespace

TEST_CASE("globals name what they hold at the end, the first assigned before the later") {
  CHECK(names("a = sine() b = a") == Names{"a"});
  CHECK(names("b = 0 a = sine() b = a") == Names{"b"});
  CHECK(names("a = sine() a = a:gain(3)") == Names{"", "a"});
  CHECK(names("a = sine():gain(3)") == Names{"", "a"});
  CHECK(names("local a = sine()") == Names{""});
  CHECK(names("t = { sine() }") == Names{""});
}

TEST_CASE("only a whole first output is a name") {
  CHECK(names("r = sine():compressor().reduction l = sine()[1]") == Names{"", "", ""});
}

TEST_CASE("a kind's own word can be a global") {
  CHECK(names("gain = sine():gain(3) x = gain:gain(2)") == Names{"", "gain", "x"});
}

TEST_CASE("ports without a global are called like their port, where that is free") {
  CHECK(names("output('main', input('mic'))") == Names{"mic", "main"});
  CHECK(names("main = sine() output('main', main)") == Names{"main", ""});
  CHECK(names("o = output('main', sine())") == Names{"", "o"});
}

TEST_CASE("places are those of the call, through helpers and loops") {
  const Result result =
      run("a = sine()\nb = lanes(3, function(i) return i end)\nfor i = 1, 2 do\n  sine()\nend");
  CHECK(result.patch.nodes.at(0).where.line == 1);
  CHECK(result.patch.nodes.at(1).where.line == 2);
  CHECK(result.patch.nodes.at(3).where.line == 4);
  CHECK(result.patch.nodes.at(0).where.file.ends_with("/patch.lua"));
}
