// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

// The scripts of the manual become the right nodes and wires.

#include <doctest/doctest.h>

#include "patch/validate.h"
#include "support/script.h"

using namespace perigee;
using namespace perigee::test;

namespace {
Result load(std::string_view text) {
  ScriptOptions options = script_options();
  options.latency = [](const Patch&, const Source&, double) -> Frames { return 240; };
  const Result result = run(text, options);
  CHECK(result.mistakes == std::vector<std::string>());
  Loaded loaded{result.patch, {}};
  validate_too(loaded);
  CHECK(loaded.mistakes.empty());
  return result;
}
}  // namespace

TEST_CASE("hello") {
  const Result patch = load(R"(tone = sine(440) * db(-20)
output("main", tone, "system:playback_*"))");
  CHECK(patch.kinds() == "sine multiply output");
  CHECK(patch.node(1) == "multiply(in=sine#1, by=0.1)");
  CHECK(patch.node(2) == "output(in=tone, name=\"main\", connect=\"system:playback_*\")");
}

TEST_CASE("compensate") {
  const Result patch = load(R"(mic = input("mic", 2, "system:capture_*")
dry = mic * db(-3)
wet = mic:highpass(120):limiter(-6, { lookahead = ms(5) })
mix = dry + wet
output("main", mix)
output("cue", nocomp(mic))
print(latency(mix), "frames"))");
  CHECK(patch.kinds() == "input multiply highpass limiter add output output");
  CHECK(patch.node(3) == "limiter(in=highpass#3, ceiling=-6, lookahead=0.005)");
  CHECK(patch.node(4) == "add(in=dry, by=wet)");
  CHECK(patch.node(5) == "output(in=mix, name=\"main\", connect=\"\")");
  CHECK(patch.node(6) == "output(in=mic!, name=\"cue\", connect=\"\")");
  CHECK(patch.printed.at(0) == "240\tframes");
}

TEST_CASE("sidechain") {
  const Result patch = load(R"(pad, kick = input("pad", 2), input("kick")
duck = pad:compressor{ key = kick:highpass(60), threshold = -30, ratio = 8, attack = ms(1), release = ms(180) }
output("main", duck + kick:pan(0))
gr = duck.reduction)");
  CHECK(patch.kinds() == "input input highpass compressor pan add output");
  CHECK(patch.node(3) ==
        "compressor(in=pad, key=highpass#3, threshold=-30, ratio=8, attack=0.001, release=0.18)");
  CHECK(patch.node(5) == "add(in=duck, by=pan#5)");
  CHECK(patch.node(6) == "output(in=add#6, name=\"main\", connect=\"\")");
}

TEST_CASE("reload") {
  const Result patch = load(R"(sweep = lane({ {0, 200}, {8, 4000, "exp"}, {16, 800, "s"} }, { loop = 16 })
verb  = input("mic"):lowpass(sweep):reverb{ size = 0.9, damping = 0.3 }
output("main", verb)
state.saves = (state.saves or 0) + 1)");
  CHECK(patch.kinds() == "lane input lowpass reverb output");
  CHECK(patch.node(0) == "lane(points=(0 200 lin)(8 4000 exp)(16 800 s), loop=16)");
  CHECK(patch.node(2) == "lowpass(in=mic, cutoff=sweep, q=0.707)");
  CHECK(patch.node(3) == "reverb(in=lowpass#3, size=0.9, damping=0.3)");
}
