// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/shape.h"

#include <doctest/doctest.h>

#include "patch/validate.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("one lane meets many by spreading") {
  PatchMaker maker;
  const Source mono = maker.input("mono"), wide = maker.input("wide", 5);
  const Source both = maker.add(late_sum, {mono, wide});
  std::vector<Mistake> mistakes;
  CHECK(shapes(maker.patch, 48000, mistakes)[both.node].lanes == 5);
  CHECK(mistakes.empty());
  maker.output("main", both);
  Sound in(6, Lane(100, 1.F));
  const auto out = play(maker.patch, in, 100);
  REQUIRE(out.size() == 5);
  for (const Lane& lane : out) CHECK(lane == Lane(100, 2.F));
}

TEST_CASE("two lanes meeting three is a mistake that says so") {
  PatchMaker maker;
  maker.output("main", maker.add(late_sum, {maker.input("a", 2), maker.input("b", 3)}, {}, {}, "both"));
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{
            "test.lua:3: late_sum \"both\": in has 2 lanes and in has 3: one lane meets many, but "
            "2 cannot meet 3; take lanes with [n], or fold with mix()"});
}

TEST_CASE("two voices are no stereo signal: pan places them") {
  PatchMaker maker;
  const Source notes = maker.add("notes", {}, {}, {{"voices", 2.0}});
  const Source stereo = maker.input("two", 2);
  const Source one = maker.input("one");
  const Source saw = maker.add("saw", {}, {{"hz", notes}});
  const Source voice = maker.add("multiply", {saw}, {{"by", notes}});
  const auto told = [&](Source source) {
    maker.add("pan", {source});
    std::vector<Mistake> mistakes;
    const auto sizes = shapes(maker.patch, 48000, mistakes);
    const std::size_t before = mistakes.size();
    for (const Mistake& mistake : validate(maker.patch, sizes, 48000)) mistakes.push_back(mistake);
    maker.patch.nodes.pop_back();
    CHECK(before == 0);
    return mistakes.size();
  };
  CHECK(told(saw) == 0);
  CHECK(told(voice) == 0);
  CHECK(told(maker.add("multiply", {one}, {{"by", voice}})) == 0);
  CHECK(told(stereo) == 1);
  CHECK(told(maker.add("pan", {maker.add("mix", {voice})})) == 1);
  CHECK(told(maker.add("multiply", {stereo}, {{"by", maker.add("mix", {voice})}})) == 1);
}

TEST_CASE("a lane can be taken, and one that is not there is a mistake") {
  PatchMaker maker;
  const Source wide = maker.input("wide", 3);
  maker.output("main", {.node = wide.node, .lane = 2});
  Sound in = silence(3, 100);
  in[2] = Lane(100, 0.25F);
  CHECK(identical(play(maker.patch, in, 100), {in[2]}));
  maker.output("more", {.node = wide.node, .lane = 3});
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{"test.lua:3: output: wide has no lane 4: its lanes are 1 to 3"});
}

TEST_CASE("widths go around feedback") {
  PatchMaker maker;
  const Source loop = maker.feedback();
  const Source sum = maker.add(late_sum, {loop, maker.input("wide", 4)});
  maker.close(loop, sum);
  std::vector<Mistake> mistakes;
  CHECK(shapes(maker.patch, 48000, mistakes)[loop.node].lanes == 4);
  CHECK(mistakes.empty());
}
