// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/validate.h"

#include <doctest/doctest.h>

#include <cmath>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("all mistakes of a patch are told at once, each with its line") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source loud = maker.add("gain", {mic}, {{"level", 30.0}}, {}, "loud");
  maker.add("gain", {loud}, {{"level", std::nan("")}});
  maker.add("gain", {}, {{"level", -INFINITY}});
  maker.add("feedback", {});
  maker.add("output", {loud}, {}, {{"name", std::string("mic")}});
  maker.add("output", {loud});
  maker.add("input", {}, {}, {{"name", std::string("a:b")}, {"lanes", 0.0}});
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{
            "test.lua:2: gain \"loud\": level 30 dB is above 24 dB",
            "test.lua:3: gain: level is not a number (NaN)",
            "test.lua:4: gain: in has no signal: signal",
            "test.lua:4: gain: level is infinite",
            "test.lua:5: feedback: nothing comes back: it needs :from(signal)",
            "test.lua:7: output: name is missing",
            "test.lua:8: input: lanes 0 is below 1",
            "test.lua:6: output: port \"mic\" is taken by the input in line 1",
            "test.lua:8: input: \"a:b\" cannot be a port's name: at most 64 bytes, without : and /",
        });
}
