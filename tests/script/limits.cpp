// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Endless loops, memory bombs, deep recursion: each is told with its line, soon after the limit.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr std::string_view kTime = "patch.lua:1: stopped: it ran for more than 0.15 s";
constexpr std::string_view kMemory = "patch.lua:1: stopped: it took more than 64 MiB";

std::string ending(std::string_view text, double seconds = 0.15) {
  ScriptOptions options = script_options();
  options.seconds = seconds;
  options.memory = std::size_t{64} << 20U;
  const auto start = std::chrono::steady_clock::now();
  const Result result = run(text, options);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  MESSAGE(took.count() << " s: " << std::string(text.substr(0, 70)));
  return result.mistakes.empty() ? "none" : result.mistakes[0];
}

/// With time enough.
std::string filled(std::string_view text) { return ending(text, 60); }

}  // namespace

TEST_CASE("endless loops are stopped") {
  CHECK(ending("while true do end") == kTime);
  CHECK(ending("repeat until false") == kTime);
  CHECK(ending("for i = 1, math.huge do end") == kTime);
  CHECK(ending("while true do pcall(function() while true do end end) end") == kTime);
  CHECK(ending("local function f() while true do pcall(f) end end f()") == kTime);
  CHECK(ending(
            "while true do xpcall(function() while true do end end, function() while true do end end) end") ==
        kTime);
  CHECK(ending("coroutine.wrap(function() while true do end end)()") == kTime);
  CHECK(ending("while true do coroutine.resume(coroutine.create(function() while true do end end)) end") ==
        kTime);
  CHECK(ending("while true do print('x') end") == kTime);
  CHECK(ending("local function f() return f() end f()") == kTime);
  CHECK(ending("local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) while true do "
               "pcall(function() return t[1] end) end") == kTime);
  CHECK(ending("while true do collectgarbage() end") == kTime);
  CHECK(ending("table.sort({ 3, 2, 1 }, function() while true do end end)") == kTime);
}

TEST_CASE("a hang inside C is given up, with the line that it was called in") {
  const std::string bomb = "local s, p = ('a'):rep(200), ('a-'):rep(5) .. 'b' ";
  CHECK(ending(bomb + "s:find(p)") == kTime);
  CHECK(ending(bomb + "s:match(p)") == kTime);
  CHECK(ending(bomb + "s:gsub(p, '')") == kTime);
  CHECK(ending(bomb + "for x in s:gmatch(p) do end") == kTime);
  CHECK(ending(bomb + "pcall(string.find, s, p)") == kTime);
  CHECK(ending(bomb + "coroutine.wrap(function() s:find(p) end)()") == kTime);
}

TEST_CASE("memory is capped") {
  CHECK(filled("local t = {} while true do t[#t + 1] = {} end") == kMemory);
  CHECK(filled("local s = ('x'):rep(1e9)") == kMemory);
  CHECK(filled("local s = 'x' while true do s = s .. s end") == kMemory);
  CHECK(filled("local t = {} for i = 1, 1e9 do t[i] = i end") == kMemory);
  CHECK(filled("local t = {} coroutine.wrap(function() while true do t[#t + 1] = {} end end)()") == kMemory);
  CHECK(filled("while true do sine() end") == kMemory);
  CHECK(filled("local t = {} for i = 1, 1e6 do t[i] = i end while true do lanes(t) end") == kMemory);
  CHECK(filled("local s = '' for i = 1, 1e7 do _G[('x'):rep(1000) .. i] = 1 end").find("stopped: ") !=
        std::string::npos);
  CHECK(filled("local t = {} for i = 1, 2e6 do t[i] = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' end x = "
               "table.concat(t)") == kMemory);
}

TEST_CASE("memory that a patch has filled leaves room to collect Lua's") {
  // With so many strings gone, each collection makes their table half as large, which takes another one.
  CHECK(filled("local t = {} for i = 1, 3e5 do t[i] = 'x' .. i end t = nil collectgarbage() "
               "for i = 1, 1e7 do jack.connect('a:b', 'c:d') end") == kMemory);
}

TEST_CASE("a loop that fills the memory to the last byte fails, and code that is sent makes room again") {
  const Folder folder;
  ScriptOptions options = script_options();
  options.memory = std::size_t{16} << 20U;
  options.seconds = 60;
  Script script(options);
  const Loaded loaded = script.load(folder.write("patch.lua", R"(
full, k = {}, 0
for i = 1, 1e5 do full[i] = false end
fill = loop(1, function()
  for _, size in ipairs{ 1e6, 1e5, 1e4, 1000, 300, 100, 40, 17, 1 } do
    pcall(function() while true do k = k + 1; full[k] = ('x'):rep(size) .. k end end)
  end
  local more = {}
end)
other = loop(1, function() local more = {} end)
)"));
  REQUIRE(loaded.mistakes.empty());
  script.keep();
  script.start_loops(0, loaded.patch, *loaded.moment);
  unsigned failures = 0;
  for (int turn = 0; turn < 8; ++turn)
    for (const Mistake& one : script.play(60).mistakes)
      failures += one.text.find("it took too much memory") != std::string::npos ? 1 : 0;
  CHECK(failures >= 2);
  const auto sent = [&](const char* text) {
    script.start_run({.text = text, .file = "sent"}, std::make_shared<Patch>(loaded.patch), loaded.moment,
                     {});
    while (true)
      if (auto result = script.attend()) return result->mistakes.size();
  };
  CHECK(sent("full = nil collectgarbage()") == 0);
  script.keep();
  CHECK(sent("full = {} for i = 1, 1e5 do full[i] = i end") == 0);
}

TEST_CASE("huge counts of nothing do not hang") {
  CHECK(filled("local s = (''):rep(1e15) s = (''):rep(2^31, '') s = ('x'):rep(-1e15)") == "none");
  CHECK(filled("local s = table.concat({}, '', 1, 1e9)").find("invalid value") != std::string::npos);
  CHECK(filled("local s = ('%99999999999d'):format(1)").find("invalid") != std::string::npos);
  CHECK(filled("local s = { unpack({}, 1, 1e8) }").find("too many results") != std::string::npos);
  CHECK(filled("lanes(1e9, function(i) return i end)").find("stopped: ") != std::string::npos);
}

TEST_CASE("deep recursion is one line") {
  const std::string deep = "patch.lua:1: stack overflow: functions call each other without end";
  CHECK(filled("local function f() return 1 + f() end f()") == deep);
  CHECK(filled("local function f() coroutine.wrap(f)() end f()") == deep);
  CHECK(
      filled("local function f() local ok, e = coroutine.resume(coroutine.create(f)) error(e, 0) end f()") ==
      deep);
  CHECK(filled("local function f() table.sort({ 1, 2 }, f) end f()") == deep);
  CHECK(filled("local function f() return (('x'):gsub('x', f)) end f()") == deep);
  CHECK(filled("local t = setmetatable({}, { __tostring = function(t) print(t) end }) print(t)") == deep);
  CHECK(filled("local function f() local ok, e = pcall(f) error(e, 0) end f()") == deep);
  CHECK(
      filled(
          "local t = setmetatable({}, { __index = function(t, k) return t[k] .. 'x' end }) local x = t[1]") ==
      deep);
}

TEST_CASE("after a stop the next script runs") {
  const Folder folder;
  ScriptOptions options = script_options();
  options.seconds = 1;
  Script script(options);
  CHECK(script.load(folder.write("a.lua", "while true do end")).mistakes.size() == 1);
  CHECK(script.load(folder.write("b.lua", "('a'):rep(200):find(('a-'):rep(5) .. 'b')")).mistakes.size() == 1);
  CHECK(script.load(folder.write("c.lua", "x = ('x'):rep(1e9)")).mistakes.size() == 1);
  CHECK(script.load(folder.write("d.lua", "x = sine()")).mistakes.empty());
}

TEST_CASE("mistakes noted before a stop are told too") {
  ScriptOptions options = script_options();
  options.seconds = 0.3;
  const Result result = run("x = sien()\nwhile true do end", options);
  CHECK(result.mistakes.at(0) == "patch.lua:1: sien is not defined: did you mean sine?");
  CHECK(result.mistakes.at(1) == "patch.lua:2: stopped: it ran for more than 0.3 s");
}

TEST_CASE("too little memory to start with") {
  for (const std::size_t memory : {0U, 1000U, 8000U, 20000U}) {
    ScriptOptions options = script_options();
    options.memory = memory;
    CHECK(run("x = 1", options).mistakes.at(0) ==
          fmt::format("patch.lua: stopped: it took more than {:.4g} MiB",
                      static_cast<double>(memory) / 1048576));
  }
}
