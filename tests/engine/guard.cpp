// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// No sample at an output is above the limit; who made it so loud is found and reset, and the sound comes
// back.

#include "engine/guard.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "engine/build.h"
#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr float kLimit = 100;

struct Told {
  std::string node, port;
  Frames time;
  float level;
  bool operator==(const Told&) const = default;
};
struct Heard {
  Sound out;
  std::vector<Told> told;
  bool operator==(const Heard&) const = default;
};

Heard hear(const Patch& patch, const Sound& in, Frames frames, Split split = {}, unsigned threads = 1) {
  std::vector<Mistake> mistakes;
  Threading threading;
  threading.threads = {.most = threads, .gain = -1e9};
  const Plan plan = compile(patch, 48000, mistakes, kBankLanes, threading);
  REQUIRE(mistakes.empty());
  auto program = build(patch, plan, mistakes);
  const unsigned channels = program->out_channels;
  Engine engine;
  engine.guard(kLimit);
  engine.publish(std::move(program));
  Heard heard{.out = play(engine, in, channels, frames, split), .told = {}};
  for (Report report; engine.receive(report);)
    if (report.what == Report::What::fault)
      heard.told.push_back(
          {report.from->name, report.port == nullptr ? "" : report.port->name, report.time, report.level});
  return heard;
}

/// The same by all splits and by two threads.
Heard hear_alike(const Patch& patch, const Sound& in, Frames frames) {
  const Heard heard = hear(patch, in, frames);
  for (const Split split : splits()) {
    CAPTURE(split.period);
    CAPTURE(split.seed);
    for (const unsigned threads : {1U, 2U}) CHECK(hear(patch, in, frames, split, threads) == heard);
  }
  for (const Lane& lane : heard.out) CHECK(peak(lane) <= kLimit);
  return heard;
}

float loudest(const Lane& lane, Frames from, Frames to) {
  float most = 0;
  for (Frames i = from; i < to; ++i) most = std::max(most, std::abs(lane[static_cast<std::size_t>(i)]));
  return most;
}

}  // namespace

TEST_CASE(
    "feedback that grows is cut at the sample, named and begun anew, again and again; the rest plays on") {
  PatchMaker maker;
  const Source mic = maker.input("mic"), loop = maker.feedback(100, "loop");
  const Source grown = maker.add(multiply_, {loop}, {{"by", 1.5}}, {}, "grown");
  const Source sum = maker.add("add", {mic}, {{"by", grown}}, {}, "sum");
  maker.close(loop, sum);
  const Source kept = maker.add(accumulate, {mic}, {}, {}, "kept");  // would be 0 after a reset
  const Source quiet = maker.add(multiply_, {kept}, {{"by", 1e-3}});
  maker.output("main", maker.add("sum", {sum, quiet}));
  maker.output("rest", maker.add(multiply_, {kept}, {{"by", 0x1p-20}}));
  const Heard heard = hear_alike(maker.patch, {Lane(12000, 1.F)}, 12000);
  REQUIRE(heard.told.size() > 3);
  // 1.5^n·2 − 2 is above 100 after the ninth time around.
  CHECK(heard.told.front() == Told{"grown", "output main", 900, heard.told.front().level});
  CHECK(heard.told.front().level > kLimit);
  const Lane& out = heard.out[0];
  for (std::size_t i = 0; i < heard.told.size(); ++i) {
    const Frames at = heard.told[i].time, wakes = at + Guard::kMute;
    CHECK(heard.told[i].node == "grown");
    if (wakes + 200 > 12000) break;
    CHECK(loudest(out, at, wakes) == 0);
    CHECK(loudest(out, wakes, wakes + 1) > 0);
    CHECK(loudest(out, wakes, wakes + 100) < 20);  // as at the start, and what adds up beside
  }
  Lane expected(12000);
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<float>(i + 1) * 0x1p-20F;
  CHECK(heard.out[1] == expected);
}

TEST_CASE("one loud sample comes once: what holds it is found out, be it a node or a line") {
  const auto check = [](const PatchMaker& maker, const std::string& node, Frames at) {
    const Heard heard = hear_alike(maker.patch, impulse(9000, 500, 1e6F), 9000);
    REQUIRE(heard.told.size() == 1);
    CHECK(heard.told[0] == Told{node, "output main", at, 1e6F});
    CHECK(loudest(heard.out[0], 0, 9000) == 0);
  };
  {
    PatchMaker maker;
    const Source mic = maker.input("mic");
    maker.output("main", maker.add("delay", {mic}, {{"time", 0.01}, {"feedback", 0.99}}, {}, "echo"));
    check(maker, "echo", 980);
  }
  {
    PatchMaker maker;
    const Source mic = maker.input("mic"), loop = maker.feedback(1000);
    const Source sum = maker.add("add", {mic}, {{"by", loop}}, {}, "sum");
    maker.close(loop, sum);
    maker.output("main", sum);
    check(maker, "sum", 500);
  }
}

TEST_CASE("what is always too loud is silent all the time, in all lanes of its port, and told as its own") {
  PatchMaker maker;
  const Source one = maker.add("sine", {}), loud = maker.add("constant", {}, {{"value", 1e5}}, {}, "loud");
  const Source product = maker.add("multiply", {one}, {{"by", loud}});
  maker.output("main", maker.add("join", {one, product}));
  maker.output("rest", one);
  const Heard heard = hear_alike(maker.patch, {}, 4000);
  CHECK(heard.told.size() > 5);
  for (const Told& told : heard.told) CHECK(told.node == "loud");
  for (std::size_t i = 0; i + 1 < heard.told.size(); ++i)
    for (const unsigned lane : {0U, 1U})
      CHECK(loudest(heard.out[lane], heard.told[i].time, heard.told[i].time + Guard::kMute) == 0);
  CHECK(loudest(heard.out[2], 3000, 4000) > 0.9F);
}

TEST_CASE("nodes that play and are not loud keep what they are at, though they are heard at the port") {
  PatchMaker maker;
  const Source mic = maker.input("mic"), kept = maker.add(accumulate, {mic}, {}, {}, "kept");
  const Source low = maker.add(multiply_, {kept}, {{"by", 0x1p-20}});
  const Source loud = maker.add("multiply", {mic}, {{"by", 1000.0}}, {}, "loud");
  maker.output("main", maker.add("sum", {low, loud}));
  Sound in{Lane(3000, 0x1p-4F)};
  std::fill(in[0].begin() + 200, in[0].begin() + 700, 1.F);
  std::fill(in[0].begin() + 1000, in[0].end(), 0.F);
  const Heard heard = hear_alike(maker.patch, in, 3000);
  REQUIRE(!heard.told.empty());
  CHECK(heard.told[0].node == "loud");
  CHECK(heard.told[0].time == 200);
  // 500 ones, and 500 sixteenths.
  CHECK(heard.out[0].back() ==
        (heard.told.size() == 1 ? (500 + 500 * 0x1p-4F) * 0x1p-20F : heard.out[0].back()));
}
