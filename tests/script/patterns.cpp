// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patterns of our own find what LuaJIT's find, and fail as they do.

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <lua.hpp>
#include <random>

#include "script/session.h"
#include "script/text_search.h"
#include "script/watchdog.h"
#include "support/effort.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// LuaJIT's functions as `theirs`, and ours.
constexpr const char* kCompare = R"(
local subject, pattern, start, plain, with, most = ...
local function show(...)
  local text = ""
  for i = 1, select("#", ...) do text = text .. type((select(i, ...))) .. ":" .. tostring((select(i, ...))) .. ";" end
  return text
end
local function all(of)
  local told = show(pcall(of.find, subject, pattern, start, plain)) .. show(pcall(of.match, subject, pattern, start))
  told = told .. show(pcall(of.gsub, subject, pattern, with, most))
  told = told .. show(pcall(of.gsub, subject, pattern, { a = "A", b = false, [""] = 7, ab = true }))
  told = told .. show(pcall(of.gsub, subject, pattern, function(...) told = told .. show(...) return (select(1, ...)) end))
  return told .. show(pcall(function() for a, b, c in of.gmatch(subject, pattern) do told = told .. show(a, b, c) end end))
end
return all(theirs), all(ours)
)";

class Both {
 public:
  Both() : session_(script_options()), L_(session_.lua) {
    session_.stack_base = stack_pointer();
    luaL_openlibs(L_);
    lua_getglobal(L_, "string");
    lua_setglobal(L_, "theirs");
    lua_newtable(L_);
    add_text_search(L_, lua_gettop(L_));
    lua_setglobal(L_, "ours");
    REQUIRE(luaL_loadstring(L_, kCompare) == 0);
  }

  /// What each made of it.
  std::pair<std::string, std::string> try_out(const std::string& subject, const std::string& pattern,
                                              int start, bool plain, const std::string& with, int most) {
    lua_pushvalue(L_, 1);
    for (const std::string& text : {subject, pattern}) lua_pushlstring(L_, text.data(), text.size());
    lua_pushinteger(L_, start);
    lua_pushboolean(L_, plain ? 1 : 0);
    lua_pushlstring(L_, with.data(), with.size());
    lua_pushinteger(L_, most);
    REQUIRE(lua_pcall(L_, 6, 2, 0) == 0);
    const auto text = [this](int index) {
      std::size_t size = 0;
      const char* at = lua_tolstring(L_, index, &size);
      return std::string(at, size);
    };
    std::pair made(text(-2), text(-1));
    lua_settop(L_, 1);
    return made;
  }

 private:
  Session session_;
  lua_State* L_;
};

const std::string kZero(1, '\0');

std::string pieces(std::mt19937& random, const std::vector<std::string>& from, unsigned most) {
  std::string text;
  for (unsigned i = random() % (most + 1); i > 0; --i) text += from[random() % from.size()];
  return text;
}

}  // namespace

TEST_CASE("random patterns come to the same as LuaJIT's") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> subjects = {"a", "b", "ab", "(", ")",  "1",   " ",
                                             "-", "%", "]",  "_", "\n", kZero, "\xe9"};
  const std::vector<std::string> items = {
      "a",     "b",    "ab",   ".",      "%a",     "%A",         "%d",   "%s",    "%S",     "%w",   "%p",
      "%c",    "%x",   "%z",   "%Z",     "%l",     "%u",         "%g",   "%G",    "[ab]",   "[^a]", "[a-c]",
      "[]]",   "[^]]", "[%]]", "[%a_]",  "[a-]",   "[a-%d]",     "(",    ")",     "()",     "%1",   "%2",
      "%0",    "%b()", "%bab", "%f[%a]", "%f[^a]", "%f",         "%b",   "*",     "+",      "-",    "?",
      "^",     "$",    "%",    "[",      "]",      "%.",         "(a*)", "(.-)b", "(%a)%1", kZero,  "\xe9",
      "%\xe9", "%Q",   "%q",   "%-",     "[%z]",   "[\x80-\xff]"};
  const std::vector<std::string> replacements = {"x", "%0", "%1", "%2", "%%", "%", "%a", kZero};
  Both both;
  const int rounds = effort(20000);
  for (int i = 0; i < rounds; ++i) {
    const std::string subject = pieces(random, subjects, 8), pattern = pieces(random, items, 5);
    const int start = static_cast<int>(random() % 25) - 12;
    const std::string with = pieces(random, replacements, 3);
    CAPTURE(subject);
    CAPTURE(pattern);
    CAPTURE(start);
    CAPTURE(with);
    const auto [theirs, ours] = both.try_out(subject, pattern, start, random() % 4 == 0, with,
                                             random() % 3 == 0 ? static_cast<int>(random() % 4) : 1000);
    REQUIRE(theirs == ours);
  }
}

TEST_CASE("each byte is of the same classes") {
  Both both;
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (int name = 1; name < 256; ++name)
    for (const char* around : {"%{}", "[%{}]"}) {
      const std::string pattern = fmt::format(fmt::runtime(around), static_cast<char>(name));
      CAPTURE(pattern);
      const auto [theirs, ours] = both.try_out(all, pattern, 1, false, "<%0>", 1000);
      REQUIRE(theirs == ours);
    }
}

TEST_CASE("deep and long patterns come to the same") {
  Both both;
  const auto check = [&](const std::string& subject, const std::string& pattern) {
    CAPTURE(pattern.size());
    const auto [theirs, ours] = both.try_out(subject, pattern, 1, false, "", 1000);
    REQUIRE(theirs == ours);
  };
  for (const int depth : {31, 32, 33, 97, 98, 99, 100, 101, 198, 199, 200, 201, 250}) {
    std::string question, captures, items;
    for (int i = 0; i < depth; ++i) question += "a?", captures += "()", items += "a*";
    check(std::string(static_cast<std::size_t>(depth), 'a'), question);
    check("aaa", captures);
    check("", items);
  }
  check(std::string(2000, 'a'), "(a*)b");
  std::string subject(5000, 'a');
  subject.back() = 'b';
  check(subject, ".-b");
}
