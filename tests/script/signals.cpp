// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "node/describe.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {

std::string printed(const std::string& text) {
  const Result result = run("mic = input('mic', 2)\n" + text);
  REQUIRE(result.mistakes == std::vector<std::string>());
  return result.printed.at(0);
}

}  // namespace

TEST_CASE("operators make nodes") {
  CHECK(last("x = mic * 0.5") == "multiply(in=mic, by=0.5)");
  CHECK(last("x = 0.5 * mic") == "multiply(in=mic, by=0.5)");
  CHECK(last("x = mic + mic[1]") == "add(in=mic, by=mic[1])");
  CHECK(last("x = 3 + mic") == "add(in=mic, by=3)");
  CHECK(last("x = mic - 3") == "subtract(in=mic, by=3)");
  CHECK(last("x = mic / mic") == "divide(in=mic, by=mic)");
  CHECK(last("x = -mic") == "multiply(in=mic, by=-1)");
  const Result result = run("mic = input('mic')\nx = 3 - mic\ny = 1 / mic");
  CHECK(result.node(1) == "constant(value=3)");
  CHECK(result.node(2) == "subtract(in=constant#2, by=mic)");
  CHECK(result.node(4) == "divide(in=constant#4, by=mic)");
}

TEST_CASE("lanes count from 1") {
  CHECK(last("sum(mic[2], mic[1])") == "sum(in=mic[2], in=mic[1])");
  CHECK(wrong("x = mic[0]") == "patch.lua:2: lanes are counted 1, 2, 3 …: there is no lane 0");
  CHECK(wrong("x = mic[1.5]") == "patch.lua:2: lanes are counted 1, 2, 3 …: there is no lane 1.5");
  CHECK(wrong("x = mic[2][2]") == "patch.lua:2: one lane has no lane 2");
}

TEST_CASE("second outputs are fields") {
  CHECK(last("duck = mic:compressor() sum(duck.reduction)") == "sum(in=duck.reduction)");
  CHECK(wrong("x = mic:compressor().reductoin") ==
        "patch.lua:2: a signal has no reductoin, and compressor no such output: did you mean reduction?");
}

TEST_CASE("parameters can be set") {
  CHECK(last("f = mic:lowpass(900) f.cutoff = 200 f:set{ q = mic }") == "lowpass(in=mic, cutoff=200, q=mic)");
  CHECK(last("p = param{ 1200, 80, 12000, curve = 'exp' } p:set(900)") ==
        "param(value=900, min=80, max=12000, curve=\"exp\")");
  CHECK(wrong("f = mic:lowpass(900)\nf.cutof = 3") ==
        "patch.lua:3: lowpass \"f\": there is no parameter cutof: did you mean cutoff?");
  CHECK(wrong("f = mic:lowpass(900)\nf.cutoff = {}") ==
        "patch.lua:3: lowpass \"f\": cutoff takes a number or a signal, not a table");
  CHECK(wrong("f = mic:lowpass(900)\nx = f.cutoff") ==
        "patch.lua:3: cutoff of lowpass can be set, not read: lowpass.cutoff = …");
  CHECK(wrong("f = mic:limiter(-3)\nf.lookahead = 1") ==
        "patch.lua:3: limiter \"f\": lookahead is fixed when the node is made: give it there");
  CHECK(wrong("f = mic:lowpass(900)\nf:set(3)") ==
        "patch.lua:3: lowpass \"f\": set takes names: set{ name = value }");
}

TEST_CASE("feedback closes a cycle once") {
  const Result result = run("fb = feedback()\nx = sine() + fb\nfb:from(x)");
  CHECK(result.node(0) == "feedback(in=x, frames=64)");
  CHECK(wrong("fb = feedback() fb:from(mic)\nfb:from(mic)") ==
        "patch.lua:3: feedback \"fb\": it has its signal already: :from() is called once");
  CHECK(wrong("fb = feedback()\nfb:from(3)") ==
        "patch.lua:3: feedback \"fb\": from takes a signal, not a number");
  CHECK(wrong("mic:from(mic)") ==
        "patch.lua:2: from belongs to a feedback: fb = feedback(), then fb:from(signal)");
}

TEST_CASE("nocomp opts out, in every use of its signal") {
  CHECK(last("sum(nocomp(mic), nocomp(mic)[2], mic:nocomp())") == "sum(in=mic!, in=mic[2]!, in=mic!)");
}

TEST_CASE("signals as values") {
  CHECK(printed("print(mic == mic, mic == mic[1], mic[1] == mic[1])") == "true\tfalse\ttrue");
  CHECK(printed("print(mic, mic[2], sine(), mic:compressor().reduction)") ==
        "input \"mic\"\tinput \"mic\"[2]\tsine#2\tcompressor#3.reduction");
  CHECK(printed("print(type(mic), getmetatable(mic))") == "userdata\ta signal");
}

TEST_CASE("what a signal cannot do") {
  CHECK(wrong("x = mic ^ 2") == "patch.lua:2: a signal has no ^: only + - * /");
  CHECK(wrong("x = mic .. 'a'") == "patch.lua:2: a signal is not a text: tostring(signal) is");
  CHECK(wrong("x = mic < mic[2]") ==
        "patch.lua:2: signals cannot be compared: while the script runs, nothing sounds yet");
  CHECK(wrong("x = mic > 2") ==
        "patch.lua:2: signals cannot be compared: while the script runs, nothing sounds yet");
  CHECK(wrong("x = mic()") == "patch.lua:2: a signal cannot be called");
  CHECK(wrong("x = mic + {}") == "patch.lua:2: a signal meets signals and numbers with + - * /, not a table");
  CHECK(wrong("x = mic:lowpas(900)") ==
        "patch.lua:2: a signal has no lowpas, and input no such output: did you mean lowpass?");
}

TEST_CASE("latency is asked of the plan") {
  ScriptOptions options = script_options();
  options.latency = [](const Patch& patch, const Source& source, double rate) -> Frames {
    if (source.lane == 1) throw std::runtime_error("a cycle");
    return static_cast<Frames>(patch.nodes.size() * 1000 + source.node + (rate == 48000 ? 0 : 1));
  };
  CHECK(run("mic = input('mic') print(latency(mic * 2), 'frames')", options).printed.at(0) == "2001\tframes");
  CHECK(run("mic = input('mic')\nprint(latency(mic[2]))", options).mistakes.at(0) ==
        "patch.lua:2: input \"mic\": a cycle");
  CHECK(run("x = latency(3)", options).mistakes.at(0) == "patch.lua:1: latency takes a signal, not a number");
  CHECK(wrong("print(latency(mic))") == "patch.lua:2: latency is not defined");
}

TEST_CASE("units and tempo") {
  CHECK(printed("print(db(-20), ms(5), hz(69), hz(57))") == "0.1\t0.005\t440\t220");
  CHECK(printed("tempo(90) print(beats(3/4), tempo())") == "0.5\t90");
  CHECK(run("tempo(124)").patch.tempo == 124);
  CHECK(wrong("x = beats(1)\ntempo(90)") ==
        "patch.lua:3: tempo comes first: beats() has been used in line 2");
  CHECK(wrong("tempo(0)") == "patch.lua:2: tempo 0 is not between 1 and 1000");
  CHECK(wrong("x = mic:gain(db(mic))") == "patch.lua:2: db takes a number, not a signal");
  CHECK(wrong("x = ms('5')") == "patch.lua:2: ms takes a number, not \"5\"");
}

TEST_CASE("help is generated") {
  CHECK(printed("help(gain)") + "\n" == describe(*find_kind("gain")));
  CHECK(printed("help(mic)") + "\n" == describe(*find_kind("input")));
  CHECK(printed("help(db)") ==
        "db: A level in decibels as a factor: db(-6) is about 0.5.\n  level: dB\n  → a number to multiply a "
        "signal by");
  CHECK(printed("help(lanes)").starts_with("lanes: A bundle of constants"));
  CHECK(printed("help(nocomp)").starts_with("nocomp: The same signal"));
  CHECK(printed("help()").find(" lowpass ") != std::string::npos);
  CHECK(printed("help('lowpas')") == "there is no lowpas: did you mean lowpass?");
}
