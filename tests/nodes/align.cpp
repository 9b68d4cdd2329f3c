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
