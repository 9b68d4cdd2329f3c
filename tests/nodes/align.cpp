// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// align and lag

#include <doctest/doctest.h>

#include <random>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("align and lag shift by exactly their frames; only lag says so") {
  for (const std::string kind : {"align", "lag"}) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      std::mt19937_64 random(seed);
      const Frames shift = seed <= 3 ? static_cast<Frames>(seed) - 1 : static_cast<Frames>(random() % 9000);
      const Frames frames = 10000;
      CAPTURE(kind);
      CAPTURE(shift);
      const Sound in = white_noise(2, frames, seed);
      Sound expected = silence(2, frames);
      for (std::size_t lane = 0; lane < 2; ++lane)
        std::copy(in[lane].begin(), in[lane].end() - shift, expected[lane].begin() + shift);
      const Rig rig{.kind = kind, .fixed = {{"frames", static_cast<double>(shift)}}, .in = {in}};
      CHECK(identical(rig.run(frames, {.seed = seed})[0], expected));
      CHECK(rig.latency() == (kind == "lag" ? shift : 0));
    }
  }
}

TEST_CASE("the longest shift is exact too") {
  const Frames shift = 1 << 22;
  const Rig rig{
      .kind = "lag", .fixed = {{"frames", static_cast<double>(shift)}}, .in = {impulse(shift + 100, 10)}};
  CHECK(identical(rig.run(shift + 100)[0], impulse(shift + 100, shift + 10)));
}

TEST_CASE("half a frame is a mistake") {
  CHECK_THROWS_WITH((Rig{.kind = "align", .fixed = {{"frames", 0.5}}, .in = {impulse(1)}}.run(1)),
                    "frames 0.5 is not a whole number");
}

TEST_CASE("after a reset nothing of what was before is heard") {
  for (const std::string kind : {"align", "lag", "delay"}) {
    CAPTURE(kind);
    const unsigned lanes[] = {1};
    const unsigned param_lanes[] = {1, 1, 1, 1};
    const Value fixed[] = {kind == "delay" ? 2.0 : 100.0};
    const auto node = find_kind(kind)->make({.in_lanes = lanes, .param_lanes = param_lanes, .fixed = fixed});
    const float numbers[] = {0.01F, 0.9F, 2000, 1};
    const Control params[] = {{&numbers[0]}, {&numbers[1]}, {&numbers[2]}, {&numbers[3]}};
    const auto run = [&](Sound sound) {
      for (std::size_t at = 0; at + 50 <= sound[0].size(); at += 50) {
        const Signal in[] = {{&sound[0][at], 1, 0}};
        const Output out[] = {{&sound[0][at], 1}};
        node->process({.frames = 50, .in = in, .param = params, .out = out});
      }
      return sound;
    };
    const Sound fresh = run(white_noise(1, 2000, 1));
    run(white_noise(1, 2000, 2));
    node->reset();
    CHECK(identical(run(white_noise(1, 2000, 1)), fresh));
  }
}
