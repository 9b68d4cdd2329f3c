// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/shape.h"

#include <doctest/doctest.h>

#include <numeric>
#include <random>

#include "patch/validate.h"
#include "support/effort.h"
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

namespace {

std::vector<Shape> settled(const Patch& patch) {
  std::vector<Mistake> mistakes;
  auto found = shapes(patch, 48000, mistakes);
  for (const Mistake& mistake : mistakes) CHECK(to_string(mistake) == "");
  return found;
}

/// Of any length, each node wired to one that is only made after it.
Patch chain_made_backwards(unsigned nodes) {
  PatchMaker maker;
  std::vector<Source> all;
  for (unsigned i = 0; i < nodes; ++i) all.push_back(maker.add("sine", {}));
  const Source wide = maker.input("wide", 7);
  for (unsigned i = 0; i < nodes; ++i)
    maker.patch.nodes[all[i].node].params[0] = i + 1 < nodes ? all[i + 1] : wide;
  maker.output("main", maker.add("mix", {all[0]}));
  return maker.patch;
}

}  // namespace

TEST_CASE("widths do not depend on the order in which nodes were made") {
  for (const unsigned nodes : {2U, 63U, 64U, 65U, 20'000U}) {
    CAPTURE(nodes);
    const Patch patch = chain_made_backwards(nodes);
    const auto found = settled(patch);
    for (unsigned i = 0; i < nodes; ++i) REQUIRE(found[i].lanes == 7);
    for (unsigned i = 0; i < nodes; ++i) REQUIRE(found[i].param_lanes[0] == 7);
  }
}

TEST_CASE("feedback in a row, of which none is in a cycle, is settled, however much") {
  PatchMaker maker;
  std::vector<Source> loops;
  for (int i = 0; i < 500; ++i) loops.push_back(maker.feedback());
  Source at = maker.input("wide", 3);
  for (std::size_t i = loops.size(); i-- > 0;) {  // the one that was made last comes first
    maker.close(loops[i], at);
    at = maker.add(multiply_, {loops[i]}, {{"by", 0.5}});
  }
  for (const Source& loop : loops) CHECK(settled(maker.patch)[loop.node].lanes == 3);
}

TEST_CASE("many feedbacks in one cycle are settled, and as wide as what is led into it") {
  PatchMaker maker;
  std::vector<Source> loops;
  for (int i = 0; i < 2000; ++i) loops.push_back(maker.feedback());
  for (std::size_t i = 0; i < loops.size(); ++i) {
    const Source next = loops[(i + 1) % loops.size()];
    maker.close(loops[i], i == 1234 ? maker.add(late_sum, {next, maker.input("wide", 5)}) : next);
  }
  const auto found = settled(maker.patch);
  for (const Source& loop : loops) REQUIRE(found[loop.node].lanes == 5);
}

TEST_CASE("only what joins what comes back grows, and each feedback that does is named") {
  PatchMaker maker;
  const Source grows = maker.feedback(64, "grows"), folded = maker.feedback(64, "folded"),
               taken = maker.feedback(64, "taken");
  const Source in = maker.input("in", 2);
  maker.close(grows, maker.add("join", {in, grows}));
  const Source around = maker.add("join", {in, maker.add("mix", {folded})});
  maker.close(folded, around);
  const Source picked = maker.add("join", {in, {.node = taken.node, .lane = 1}});
  maker.close(taken, picked);
  for (const Source& end : {grows, folded, taken}) maker.add("mix", {end});
  std::vector<Mistake> mistakes;
  const auto found = shapes(maker.patch, 48000, mistakes);
  REQUIRE(mistakes.size() == 1);
  CHECK(to_string(mistakes[0]) ==
        "test.lua:1: feedback \"grows\": its lanes grow each time around: fold them with mix() on the way");
  CHECK(found[folded.node].lanes == 3);
  CHECK(found[taken.node].lanes == 3);
}

TEST_CASE("more lanes than a signal may have are a mistake where they come together") {
  PatchMaker maker;
  Source wide = maker.input("in", 1024);
  for (int i = 0; i < 5; ++i) wide = maker.add("join", {wide, wide});
  const Source some = maker.add("join", {wide, wide});
  CHECK(settled(maker.patch)[some.node].lanes == kMostLanes);
  maker.output("main", maker.add("mix", {maker.add("join", {some, maker.input("one")}, {}, {}, "much")}));
  CHECK(mistakes_of(maker.patch) ==
        std::vector<std::string>{
            "test.lua:9: join \"much\": 65537 lanes are more than a signal's 65536: fold some "
            "with mix(), or take lanes with [n]"});
}

TEST_CASE("lanes beyond all numbers are still too many") {
  PatchMaker maker;
  Source wide = maker.input("in", 1024);
  for (int i = 0; i < 6; ++i) wide = maker.add("join", {wide, wide});
  maker.add("mix", {maker.add("join", std::vector<Source>(65536, wide))});  // 2^32
  std::vector<Mistake> mistakes;
  shapes(maker.patch, 48000, mistakes);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].text.ends_with(
      "lanes are more than a signal's 65536: fold some with mix(), or take lanes with [n]"));
}

TEST_CASE("any order of nodes gives the same widths") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < effort(200); ++round) {
    PatchMaker maker;
    std::vector<Source> all{maker.input("a", 3), maker.input("b", 2)}, loops;
    const auto any = [&] { return all[random() % all.size()]; };
    for (int i = 0; i < 4; ++i) all.push_back(loops.emplace_back(maker.feedback()));
    for (int i = 0; i < 30; ++i) {
      const char* kinds[] = {"mix", "join", "pan", "sine", "switch"};
      const std::string kind = kinds[random() % std::size(kinds)];
      if (kind == "sine")
        all.push_back(maker.add(kind, {}, {{"hz", any()}}));
      else if (kind == "mix" || kind == "pan")
        all.push_back(maker.add(kind, {any()}));
      else
        all.push_back(maker.add(kind, {any(), any()}));
    }
    for (const Source& loop : loops) maker.close(loop, any());
    std::vector<Mistake> mistakes, others;
    const auto found = shapes(maker.patch, 48000, mistakes);
    std::vector<NodeId> place(maker.patch.nodes.size());
    std::iota(place.begin(), place.end(), 0);
    std::ranges::shuffle(place, random);
    Patch other{.nodes = std::vector<PatchNode>(place.size())};
    for (NodeId id = 0; id < place.size(); ++id) {
      PatchNode& node = other.nodes[place[id]] = maker.patch.nodes[id];
      for (Source& source : node.inputs) source.node = place[source.node];
      for (Setting& setting : node.params)
        if (auto* source = std::get_if<Source>(&setting)) source->node = place[source->node];
    }
    const auto found_there = shapes(other, 48000, others);
    CHECK(mistakes.size() == others.size());
    if (!mistakes.empty()) continue;
    for (NodeId id = 0; id < place.size(); ++id) CHECK(found[id].lanes == found_there[place[id]].lanes);
  }
}
