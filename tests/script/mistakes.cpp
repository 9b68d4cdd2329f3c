// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("an undefined name is told with its line and a hint") {
  CHECK(mistake("sweep = sine()\nx = sweap:gain(3)") ==
        "patch.lua:2: sweap is not defined: did you mean sweep?");
  CHECK(mistake("x = sien()") == "patch.lua:1: sien is not defined: did you mean sine?");
  CHECK(mistake("local sweep = 3\nx = sweap") == "patch.lua:2: sweap is not defined: did you mean sweep?");
  CHECK(mistake("x = Sine()") == "patch.lua:1: Sine is not defined: did you mean sine?");
  CHECK(mistake("x = arpeggio(8)") == "patch.lua:1: arpeggio is not defined");
  CHECK(mistake("x = later\nlater = 3") ==
        "patch.lua:1: later is not defined yet: it gets its value in line 2");
  CHECK(mistake("x = later:gain()\nlater = x + 1") ==
        "patch.lua:1: later is not defined yet: it gets its value in line 2; what comes back goes through "
        "feedback()");
  CHECK(mistake("for i = 1, 3 do\n  chord = chord + sine(i)\nend") ==
        "patch.lua:2: chord is not defined yet: it needs a value before, as in chord = 0");
  CHECK(mistake("x = nil\nif x then y = 1 end") == "none");
}

TEST_CASE("what comes of an undefined name is no further mistake") {
  CHECK(mistake(
            "x = foo.bar(3):baz() + 2 .. 'a'\ny = x * sine()\noutput('main', y)\nz = sine(x) - x\nx.y = 3") ==
        "patch.lua:1: foo is not defined");
  CHECK(mistake("x = foo + 1\nif x < 3 then y = 1 end") == "patch.lua:1: foo is not defined");
  CHECK(mistake("output(foo, bar)\nlane(baz)\nx = db(qux)") ==
        "patch.lua:1: foo is not defined\npatch.lua:1: bar is not defined\n"
        "patch.lua:2: baz is not defined\npatch.lua:3: qux is not defined");
}

TEST_CASE("independent mistakes are all told") {
  CHECK(mistake("a = sien()\nb = sine{ hzz = 3 }\nc = sine():gain('x')\nd = 1 + nil") ==
        "patch.lua:1: sien is not defined: did you mean sine?\n"
        "patch.lua:2: sine \"b\": there is no parameter hzz: did you mean hz?\n"
        "patch.lua:3: gain \"c\": level takes a number or a signal, not a text");
}

TEST_CASE("the same mistake in a loop is told once") {
  CHECK(mistake("for i = 1, 100 do sine('x') end") ==
        "patch.lua:1: sine: hz takes a number or a signal, not a text");
}

TEST_CASE("Lua's own errors have a line, and hints") {
  CHECK(mistake("\nx = 1 + nil") == "patch.lua:2: attempt to perform arithmetic on a nil value");
  CHECK(mistake("x = ('a'):uper()") ==
        "patch.lua:1: attempt to call method 'uper' (a nil value): did you mean upper?");
  CHECK(mistake("x = math.flor(1)") ==
        "patch.lua:1: attempt to call field 'flor' (a nil value): did you mean floor?");
  CHECK(mistake("error('no')") == "patch.lua:1: no");
  CHECK(mistake("error('no', 0)") == "patch.lua:1: no");
  CHECK(mistake("error('a\\nb')") == "patch.lua:1: a b");
  CHECK(mistake("error{}") == "patch.lua:1: error: table values have no message");
  CHECK(mistake("error('')") == "patch.lua:1: error: without a message");
  CHECK(mistake("local function f() error('no', 2) end\n\nf()") == "patch.lua:3: no");
  CHECK(mistake("x = ('a'):rep({})") == "patch.lua:1: bad argument #1 to 'rep' (number expected, got table)");
  CHECK(mistake("x = ('a'):find({})") ==
        "patch.lua:1: bad argument #1 to 'find' (string expected, got table)");
  CHECK(mistake("local f = coroutine.wrap(function()\n  error('no') end)\nf()") == "patch.lua:2: no");
  CHECK(mistake("x = = 2") == "patch.lua:1: unexpected symbol near '='");
  CHECK(mistake("x = (1") == "patch.lua:1: ')' expected near '<eof>'");
}

TEST_CASE("an error that is caught is none") { CHECK(mistake("x = pcall(error, 'no')") == "none"); }

TEST_CASE("a file that is not there") {
  const Folder folder;
  const auto at = [&](const std::filesystem::path& path) {
    return to_string(load_script(path, script_options()).mistakes.at(0));
  };
  CHECK(at("none/patch.lua") == "none/patch.lua: it cannot be read: No such file or directory");
  CHECK(at(folder.path) == folder.path.string() + ": it is a folder, not a script");
}

TEST_CASE("files are called as they were given") {
  const Folder folder;
  std::string deep(80, 'x');
  deep += "/patch.lua";
  folder.write(deep, "\nx = 1 + nil");
  const auto path = folder.path / "." / std::string(80, 'x') / "patch.lua";
  CHECK(to_string(load_script(path, script_options()).mistakes.at(0)) ==
        path.string() + ":2: attempt to perform arithmetic on a nil value");
}

TEST_CASE("later stages do not repeat a line") {
  std::vector<Mistake> mistakes = {{{"a", 1}, "one"}, {{"a", 0}, "zero"}};
  add_mistakes(mistakes, {{{"a", 1}, "two"}, {{"a", 2}, "three"}, {{"a", 2}, "four"}, {{"a", 0}, "five"}});
  CHECK(mistakes.size() == 5);
}

TEST_CASE("a script that fails leaves nothing behind") {
  const Folder folder;
  Script script(script_options());
  CHECK(script.load(folder.write("a.lua", "x = sine()")).mistakes.empty());
  CHECK(script.load(folder.write("b.lua", "x = = 1")).mistakes.size() == 1);
  CHECK(script.load(folder.write("c.lua", "y = x")).mistakes.size() == 1);  // every load starts afresh
}

TEST_CASE("what is often meant is told") {
  CHECK(mistake("x = noise:highpass(80)") ==
        "patch.lua:1: attempt to index global 'noise' (a function value): noise(…) makes its signal");
  CHECK(mistake("x = noise * 2") ==
        "patch.lua:1: attempt to perform arithmetic on global 'noise' (a function value): noise(…) makes its "
        "signal");
  CHECK(mistake("x = sine()\nif x > 0 then y = 1 end") ==
        "patch.lua:2: signals cannot be compared: while the script runs, nothing sounds yet");
  CHECK(mistake("x = sine(hz = 3)") ==
        "patch.lua:1: ')' expected near '=': arguments with names stand in { }, as in sine{ hz = 440 }");
  CHECK(mistake("os.execute('ls')") ==
        "patch.lua:1: attempt to call field 'execute' (a nil value): scripts have no access to the system, "
        "unless "
        "run with --trust");
  CHECK(mistake("io.open('x')") ==
        "patch.lua:1: io is not defined: scripts have no access to the system, unless run with --trust");
}
