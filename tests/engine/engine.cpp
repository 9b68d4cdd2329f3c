// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/engine.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/kinds.h"
#include "support/play.h"

using namespace perigee;
using namespace perigee::test;

namespace {

/// A patch "mic → 100 frames late → times a number → main", with the Instance of the number.
struct Automated {
  PatchMaker maker;
  Engine engine;
  Instance* product = nullptr;
  Automated() {
    const Source late = maker.add(late_sum, {maker.input("mic")}, {}, {{"frames", 100.0}});
    const Source source = maker.add(multiply_, {late}, {{"by", 1.0}});
    maker.output("main", source);
    auto program = make_program(maker.patch);
    product = program->instances[source.node].get();
    engine.publish(std::move(program));
  }
};

/// Holds an infinity for ever.
class Endless final : public Node {
 public:
  explicit Endless(const Setup&) {}
  void process(const Block& io) noexcept override {
    std::fill_n(io.out[0][0], io.frames, std::numeric_limits<float>::infinity());
  }
  void reset() noexcept override {}
};
constexpr Port endless_out[] = {{"out", "infinity"}};
const Spec endless = {.kind = "endless", .out = endless_out, .make = make<Endless>, .still = true};

}  // namespace

TEST_CASE("what a signal that never changes holds is contained, and told when the program begins") {
  PatchMaker maker;
  const Source held = maker.add(endless, {}, {}, {}, "held");
  maker.output("main", held);
  maker.output("pulse", maker.add("pulse", {}, {{"width", held}}));
  Engine engine;
  engine.publish(make_program(maker.patch));
  const auto out = play(engine, {}, 2, 200);
  CHECK(out[0] == Lane(200, 0.F));
  for (const float sample : out[1]) REQUIRE(std::isfinite(sample));
  Report report;
  REQUIRE(engine.receive(report));
  CHECK(report.what == Report::What::fault);
  CHECK(report.from->name == "held");
}

TEST_CASE("a signal that never changes is held within the parameter's range when the program is built") {
  PatchMaker maker;
  const Source far = maker.add("lanes", {}, {}, {{"values", std::vector<double>{-7, 0.5, 3e38}}});
  maker.output("main", maker.add("chorus", {maker.add("noise", {})}, {{"mix", far}}));
  PatchMaker near;
  const Source inside = near.add("lanes", {}, {}, {{"values", std::vector<double>{0, 0.5, 1}}});
  near.output("main", near.add("chorus", {near.add("noise", {})}, {{"mix", inside}}));
  CHECK(identical(play(maker.patch, {}, 500), play(near.patch, {}, 500)));
}

TEST_CASE("an event lands on its frame, and on the sound that it was meant for") {
  for (const Split split : splits()) {
    CAPTURE(split.period);
    CAPTURE(split.seed);
    Automated patch;
    REQUIRE(patch.engine.send({.time = 300, .target = patch.product, .value = 0.5F}));
    REQUIRE(patch.engine.send({.time = 311, .target = patch.product, .value = 0.25F}));
    const auto out = play(patch.engine, {Lane(1000, 1.F)}, 1, 1000, split);
    Sound expected = silence(1, 1000);
    for (int t = 100; t < 1000; ++t)
      expected[0][static_cast<std::size_t>(t)] = t < 400 ? 1.F : t < 411 ? 0.5F : 0.25F;
    CHECK(identical(out, expected));
  }
}

TEST_CASE("events sent out of order are played in order, late ones at once") {
  Automated patch;
  for (const Frames time : {700, 300, 500, 300}) {
    patch.engine.send({.time = time, .target = patch.product, .value = static_cast<float>(time)});
  }
  const auto out = play(patch.engine, {Lane(1000, 1.F)}, 1, 1000);
  CHECK(out[0][399] == 1);
  CHECK(out[0][400] == 300);
  CHECK(out[0][600] == 500);
  CHECK(out[0][800] == 700);
  patch.engine.send({.time = 0, .target = patch.product, .value = 7});
  CHECK(play(patch.engine, {Lane(10, 1.F)}, 1, 10)[0] == Lane(10, 7.F));
}

TEST_CASE("ramps are the same bits for any period") {
  const auto run = [](Split split) {
    Automated patch;
    patch.engine.send({.time = 33, .target = patch.product, .value = 0.1F, .glide = 240});
    patch.engine.send(
        {.time = 150, .target = patch.product, .value = 3, .glide = 111, .curve = Curve::exponential});
    patch.engine.send({.time = 400, .target = patch.product, .value = -3, .glide = 1});
    return play(patch.engine, white_noise(1, 1000, 3), 1, 1000, split);
  };
  const auto expected = run({});
  for (const Split split : splits()) CHECK(identical(run(split), expected));
}

TEST_CASE("more events than the engine can keep wait in the queue, and none is lost") {
  Automated patch;
  Frames sent = 0;
  constexpr Frames kEvents = 40000;
  const auto out = play(patch.engine, {Lane(kEvents + 200, 1.F)}, 1, kEvents + 200, {}, [&](Engine& engine) {
    while (sent < kEvents &&
           engine.send({.time = sent, .target = patch.product, .value = static_cast<float>(sent)}))
      ++sent;
  });
  CHECK(sent == kEvents);
  int wrong = 0;
  for (Frames t = 0; t < kEvents; ++t)
    if (out[0][static_cast<std::size_t>(t + 100)] != static_cast<float>(t)) ++wrong;
  CHECK(wrong == 0);
}

TEST_CASE("NaN and infinity stay at their node: it falls silent for 64 frames, and starts anew") {
  PatchMaker maker;
  const Source mic = maker.input("mic");
  const Source bad = maker.add(faulty, {mic}, {}, {}, "bad");
  maker.output("main", maker.add(accumulate, {bad}));
  maker.output("count", {.node = bad.node, .output = 1});
  maker.output("rest", mic);
  Sound in{Lane(1000, 1.F)};
  in[0][200] = 1000;                                     // NaN at the node
  in[0][230] = 2000;                                     // while it is silent: not heard of
  in[0][400] = 2000;                                     // infinity
  in[0][500] = std::numeric_limits<float>::quiet_NaN();  // comes from outside
  Sound expected;
  for (const Split split : splits()) {
    CAPTURE(split.period);
    CAPTURE(split.seed);
    Engine engine;
    engine.publish(make_program(maker.patch));
    const auto out = play(engine, in, 3, 1000, split);
    if (expected.empty()) expected = out;
    CHECK(identical(out, expected));
    for (const Lane& lane : out)
      for (const float sample : lane) REQUIRE(std::isfinite(sample));
    CHECK(out[1][199] == 199);
    CHECK(out[1][200] == 0);
    CHECK(out[1][263] == 0);
    CHECK(out[1][265] == 1);  // counts from 264, where it started anew
    CHECK(out[2][200] == 1000);
    CHECK(out[2][500] == 0);
    CHECK(out[2][563] == 0);
    CHECK(out[2][564] == 1);
    std::vector<std::pair<std::string, Frames>> faults;
    for (Report report; engine.receive(report);)
      if (report.what == Report::What::fault) faults.emplace_back(report.from->name, report.time);
    CHECK(faults == std::vector<std::pair<std::string, Frames>>{{"bad", 200}, {"bad", 400}, {"mic", 500}});
  }
}

TEST_CASE("denormals are flushed while a period runs, and the caller's mode comes back") {
  PatchMaker maker;
  maker.output("main", maker.add(multiply_, {maker.input("mic")}, {{"by", 0.25}}));
  const float tiny = 2e-38F;  // a quarter of it is denormal
  CHECK(play(maker.patch, {Lane(64, tiny)}, 64)[0] == Lane(64, 0.F));
  volatile float after = tiny;
  CHECK(after * 0.25F > 0);
}

TEST_CASE("channels without a port are silent, as is an engine without a program") {
  Engine engine;
  Sound out{Lane(64, 5.F), Lane(64, 5.F)};
  float* to[] = {out[0].data(), out[1].data()};
  engine.process(nullptr, 0, to, 2, 64);
  CHECK(identical(out, silence(2, 64)));
  PatchMaker maker;
  maker.output("main", maker.add(value_of, {}, {{"value", 1.0}}));
  engine.publish(make_program(maker.patch));
  engine.process(nullptr, 0, to, 2, 64);
  CHECK(out[0] == Lane(64, 1.F));
  CHECK(out[1] == Lane(64, 0.F));
}
