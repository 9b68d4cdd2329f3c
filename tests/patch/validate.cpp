// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/validate.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

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

TEST_CASE("what no float holds is a mistake wherever a number can be, and what is too small for one is 0") {
  const double most = std::numeric_limits<float>::max();
  for (const double number : {1e39, -1e39, 1e308, -1e308, std::nextafter(most, 1e40)}) {
    CAPTURE(number);
    PatchMaker maker;
    const Source sound = maker.add("sine", {});
    maker.add("constant", {}, {{"value", number}});
    for (const char* kind : {"add", "subtract", "multiply", "divide"})
      maker.add(kind, {sound}, {{"by", number}});
    maker.add("sine", {}, {{"phase", number}});
    maker.add("lanes", {}, {}, {{"values", std::vector<double>{1, number}}});
    maker.add("lane", {}, {}, {{"points", std::vector<Point>{{0, number, "lin"}}}});
    maker.add("param", {}, {{"value", 0.0}}, {{"min", -std::abs(number)}, {"max", 1.0}});
    maker.add("lane", {}, {}, {{"points", std::vector<Point>{{std::abs(number), 1, "lin"}}}});
    maker.add("lane", {}, {}, {{"points", std::vector<Point>{{0, 1, "lin"}}}, {"loop", std::abs(number)}});
    const auto mistakes = mistakes_of(maker.patch);
    CHECK(mistakes.size() == 11);
    for (std::size_t i = 0; i < mistakes.size(); ++i) {
      CAPTURE(mistakes[i]);
      CHECK(mistakes[i].starts_with("test.lua:" + std::to_string(i + 2) + ": "));
      CHECK(mistakes[i].find("is more than a 32-bit float holds") != std::string::npos);
    }
  }
  PatchMaker maker;
  for (const double number : {most, -most, 1e-50, -1e-310, 5e-324})
    maker.add("constant", {}, {{"value", number}});
  CHECK(mistakes_of(maker.patch).empty());
}

TEST_CASE("a tempo that no script can state is a mistake") {
  for (const double tempo : {0.0, 1e-300, -120.0, 1e300, std::nan("")}) {
    CAPTURE(tempo);
    PatchMaker maker;
    maker.patch.tempo = tempo;
    CHECK(mistakes_of(maker.patch).size() == 1);
  }
}
