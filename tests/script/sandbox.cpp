// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <fstream>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("what is not there") {
  for (const char* name : {"io", "debug", "ffi", "jit", "load", "loadstring", "loadfile", "dofile", "module",
                           "package", "newproxy", "setfenv", "getfenv", "gcinfo"}) {
    CAPTURE(name);
    CHECK(mistake(std::string("x = ") + name)
              .starts_with(std::string("patch.lua:1: ") + name + " is not defined"));
  }
  CHECK(run("print(os.execute, os.getenv, os.exit, string.dump, os.time() > 0, os.clock() >= 0)")
            .printed.at(0) == "nil\tnil\tnil\tnil\ttrue\ttrue");
  CHECK(mistake("local ffi = require('ffi')") ==
        "patch.lua:1: there is no module \"ffi\" beside the patch or in the library");
}

TEST_CASE("plain Lua is there") {
  CHECK(run("print(math.floor(2.5), ('a'):upper(), #table.concat({1, 2}, ','), bit.band(6, 3), select('#', "
            "1, 2), "
            "tostring(nil), tonumber('0x10'), unpack{1, 2})")
            .printed.at(0) == "2\tA\t3\t2\t2\tnil\t16\t1\t2");
  CHECK(run("local s = '' for w in ('a b c'):gmatch('%a') do s = s .. w end print(s, ('abc'):find('b'), "
            "('abc'):match('(.)c'), ('abc'):gsub('b', '-'))")
            .printed.at(0) == "abc\t2\tb\ta-c\t1");
  CHECK(run("local t = { 3, 1, 2 } table.sort(t) print(t[1], t[2], t[3]) table.sort(t, function(a, b) return "
            "a > b end) "
            "print(t[1])")
            .printed.at(0) == "1\t2\t3");
  CHECK(run("local f = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) "
            "print(f(1), f(4))")
            .printed.at(0) == "2\t8");
  CHECK(run("state.saves = (state.saves or 0) + 1 print(state.saves)").printed.at(0) == "1");
  CHECK(run("print(collectgarbage('count') > 10, collectgarbage())").printed.at(0) == "true\t0");
}

TEST_CASE("a script cannot break what the host stands on") {
  CHECK(run("print(getmetatable('a'), getmetatable(_G))").printed.at(0) == "string\tglobals");
  CHECK(mistake("setmetatable(_G, {})") == "patch.lua:1: cannot change a protected metatable");
  CHECK(
      mistake(
          "string.format = nil string.rep = nil math.floor = nil table.concat = nil\nx = sine{ hzz = 1 }") ==
      "patch.lua:2: sine \"x\": there is no parameter hzz: did you mean hz?");
  CHECK(mistake("collectgarbage('stop')") ==
        "patch.lua:1: bad argument #1 to 'collectgarbage' (invalid option 'stop')");
}

TEST_CASE("bytecode is refused") {
  const Folder folder;
  const auto file = folder.write("patch.lua", "\x1bLJ\x02\x0a junk");
  const auto loaded = load_script(file, script_options());
  REQUIRE(loaded.mistakes.size() == 1);
  CHECK(to_string(loaded.mistakes[0]).find("attempt to load chunk with wrong mode") != std::string::npos);
}

TEST_CASE("modules beside the patch, and nowhere else") {
  const Folder folder;
  folder.write("outside.lua", "return 1");
  folder.write("live/drums.lua",
               "made = sine(50)\nreturn { kick = function() return sine(60) end, from = ... }");
  folder.write("live/lib/deep.lua", "return require('drums')");
  folder.write("live/broken.lua", "\nx = = 1");
  folder.write("live/failing.lua", "\n\nlocal x = nil + 1");
  folder.write("live/myself.lua", "require('myself')");
  const auto load = [&](std::string_view text, bool trust = false) {
    std::vector<std::string> printed;
    ScriptOptions options = script_options(&printed);
    options.trust = trust;
    const Loaded loaded = load_script(folder.write("live/patch.lua", text), options);
    if (loaded.mistakes.empty()) return printed.empty() ? "" : printed[0];
    return to_string(loaded.mistakes[0]).substr(folder.path.string().size() + 6);
  };
  CHECK(load("local d = require('drums') print(d.kick(), d.from, d == require('lib.deep'), made)") ==
        "sine#2\tdrums\ttrue\tsine \"made\"");
  CHECK(load("print(require('scales').key(60, require('scales').minor, 3))") == "63");
  CHECK(load("require('broken')") == "broken.lua:2: unexpected symbol near '='");
  CHECK(load("require('failing')") == "failing.lua:3: attempt to perform arithmetic on a nil value");
  CHECK(load("require('myself')") == "myself.lua:1: module \"myself\" requires itself");
  CHECK(load("require('../outside')") ==
        "patch.lua:1: require takes a name such as \"drums\" or \"lib.drums\", not \"../outside\"");
  CHECK(load("require('" + (folder.path / "outside").string() + "')").find("require takes a name") !=
        std::string::npos);
  CHECK(load("require('nothing')") ==
        "patch.lua:1: there is no module \"nothing\" beside the patch or in the library");
  CHECK(load("print(type(require('ffi')), type(require('drums')))", true) == "table\ttable");
}

TEST_CASE("trust lifts the sandbox, not the limits") {
  ScriptOptions options = script_options();
  options.trust = true;
  options.memory = std::size_t{16} << 20U;
  CHECK(run("print(type(io.open), type(debug.sethook), type(load), type(os.getenv), type(package))", options)
            .printed.at(0) == "function\tfunction\tfunction\tfunction\ttable");
  CHECK(run("print(pcall(require, 'jit'), pcall(require, 'jit.opt'))", options)
            .printed.at(0)
            .starts_with("false"));
  CHECK(run("x = jit", options).mistakes.at(0).starts_with("patch.lua:1: jit is not defined"));
  options.seconds = 0.3;
  CHECK(run("debug.sethook()\nwhile true do debug.sethook() end", options).mistakes.at(0) ==
        "patch.lua:2: stopped: it ran for more than 0.3 s");
  options.seconds = 60;
  CHECK(run("local t = {} while true do t[#t + 1] = {} end", options).mistakes.at(0) ==
        "patch.lua:1: stopped: it took more than 16 MiB");
}
