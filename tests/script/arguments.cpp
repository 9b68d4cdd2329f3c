// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// The last node of a script in which `mic` is an input.
}  // namespace

TEST_CASE("arguments by position, by name, and both") {
  const std::string expected = "lowpass(in=mic, cutoff=900, q=2)";
  CHECK(last("lowpass(mic, 900, 2)") == expected);
  CHECK(last("mic:lowpass(900, 2)") == expected);
  CHECK(last("mic:lowpass{ 900, 2 }") == expected);
  CHECK(last("mic:lowpass{ 900, q = 2 }") == expected);
  CHECK(last("mic:lowpass{ cutoff = 900, q = 2 }") == expected);
  CHECK(last("mic:lowpass(900, { q = 2 })") == expected);
  CHECK(last("lowpass{ mic, 900, 2 }") == expected);
  CHECK(last("lowpass{ ['in'] = mic, cutoff = 900, q = 2 }") == expected);
  CHECK(last("lowpass(mic, { cutoff = 900, q = 2 })") == expected);
}

TEST_CASE("defaults fill what is not given") {
  CHECK(last("mic:lowpass(900)") == "lowpass(in=mic, cutoff=900, q=0.707)");
  CHECK(last("saw()") == "saw(hz=440)");
}

TEST_CASE("a declaration's own order of arguments") {
  CHECK(last("output('main', mic, 'system:playback_*')") ==
        "output(in=mic, name=\"main\", connect=\"system:playback_*\")");
  CHECK(last("mic:output('main')") == "output(in=mic, name=\"main\", connect=\"\")");
  CHECK(last("feedback(128)") == "feedback(in=-, frames=128)");
}

TEST_CASE("a parameter takes a signal, an input takes a number") {
  CHECK(last("f = sine(1) mic:lowpass(f)") == "lowpass(in=mic, cutoff=f, q=0.707)");
  CHECK(last("lowpass(0.5, 900)") == "lowpass(in=constant#2, cutoff=900, q=0.707)");
}

TEST_CASE("true is 1") {
  CHECK(last("lane({ {0, 1} }, { loop = true })") == "lane(points=(0 1 lin), loop=1)");
}

TEST_CASE("any number of signals, or one list") {
  const std::string expected = "sum(in=mic, in=b)";
  CHECK(last("b = sine(1) sum(mic, b)") == expected);
  CHECK(last("b = sine(1) sum{ mic, b }") == expected);
  CHECK(last("b = sine(1) mic:sum(b)") == expected);
  CHECK(last("b = sine(1) sum{ ['in'] = { mic, b } }") == expected);
  CHECK(last("switch(mic, { mic, mic[2] }, { fade = 0.5, tail = 4 })") ==
        "switch(select=mic, in=mic, in=mic[2], fade=0.5, tail=4)");
  CHECK(last("switch{ mic, { mic }, fade = 0.5 }") == "switch(select=mic, in=mic, fade=0.5, tail=0)");
  CHECK(last("join(mic, 2)") == "join(in=mic, in=constant#2)");
}

TEST_CASE("lists of numbers") {
  CHECK(last("lanes{ 110, 220 }") == "lanes(values={110 220})");
  CHECK(last("lanes{ { 110, 220 } }") == "lanes(values={110 220})");
  CHECK(last("lanes{ values = { 110, 220 } }") == "lanes(values={110 220})");
  CHECK(last("lanes(3, function(i) return i * 10 end)") == "lanes(values={10 20 30})");
}

TEST_CASE("lists of points") {
  const std::string expected = "lane(points=(0 200 lin)(8 4000 exp), loop=16)";
  CHECK(last("lane({ {0, 200}, {8, 4000, 'exp'} }, { loop = 16 })") == expected);
  CHECK(last("lane({ {0, 200}, {8, 4000, 'exp'} }, 16)") == expected);
  CHECK(last("lane{ { {0, 200}, {8, 4000, 'exp'} }, loop = 16 }") == expected);
  CHECK(last("lane{ {0, 200}, {8, 4000, 'exp'}, loop = 16 }") == expected);
  CHECK(last("lane{ points = { {0, 200}, {8, 4000, 'exp'} }, loop = 16 }") == expected);
}

TEST_CASE("wrong arguments are told, each") {
  CHECK(wrong("mic:lowpass({ 1 }, 2)") ==
        "patch.lua:2: lowpass: cutoff takes a number or a signal, not a table");
  CHECK(wrong("x = mic:lowpass('900')") ==
        "patch.lua:2: lowpass \"x\": cutoff takes a number or a signal, not a text");
  CHECK(wrong("mic:lowpass(900, nil)") == "patch.lua:2: lowpass: q takes a number or a signal, not nil");
  CHECK(wrong("mic:lowpass(900, 1, 2, 3)") == "patch.lua:2: lowpass: it takes at most 2 (cutoff, q), not 4");
  CHECK(wrong("mic:lowpass(900, { cutof = 3 })") ==
        "patch.lua:2: lowpass: there is no parameter cutof: did you mean cutoff?");
  CHECK(wrong("mic:lowpass(900, { width = 3 })") ==
        "patch.lua:2: lowpass: there is no parameter width; it has in, cutoff, q");
  CHECK(wrong("mic:lowpass(900, { cutoff = 3 })") == "patch.lua:2: lowpass: cutoff is given twice");
  CHECK(wrong("mic:lowpass(0/0)") == "patch.lua:2: lowpass: cutoff is not a number (NaN)");
  CHECK(wrong("mic:limiter(-6, { lookahead = mic })") ==
        "patch.lua:2: limiter: lookahead takes a number, not a signal: it is fixed when the node is made");
  CHECK(wrong("mic:saw(3)") == "patch.lua:2: saw: it has no input that a signal could go to");
  CHECK(wrong("output(1, mic)") == "patch.lua:2: output: name takes a text, not a number");
  CHECK(wrong("lanes{ 1, 'a' }") == "patch.lua:2: lanes: values takes numbers: [2] is a text");
  CHECK(wrong("lane{ {0, 1}, {1} }") ==
        "patch.lua:2: lane: point 2 is { a number, nil }: a point is { seconds, value, curve }");
  CHECK(wrong("lane{ {0, 1}, {1, 2, 'stp'} }") ==
        "patch.lua:2: lane: point 2: its curve is not one of step, lin, exp, s: did you mean step?");
  CHECK(wrong("mic.lowpass(900)") == "patch.lua:2: methods come after a colon: signal:lowpass(…)");
  CHECK(wrong("o = output('main', mic) saw(o)") == "patch.lua:2: saw: output gives no signal for hz");
}
