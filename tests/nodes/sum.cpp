// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "support/rig.h"

using namespace perigee::test;

namespace {

/// How far apart, in steps of the float nearest to the reference.
double ulps(float value, long double reference) {
  const auto nearest = static_cast<float>(reference);
  const double step = std::nextafter(std::abs(nearest), INFINITY) - std::abs(nearest);
  return static_cast<double>(std::abs(static_cast<long double>(value) - reference)) / step;
}

/// Noise of very different levels with alternating signs: what float sums lose bits by.
Sound hard_to_add(unsigned lanes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Sound sound = white_noise(lanes, 500, seed);
  for (auto& lane : sound)
    for (auto& sample : lane) sample = std::ldexp(sample, static_cast<int>(random() % 24) - 12);
  return sound;
}

}  // namespace

TEST_CASE("sum and mix of 256 are within one ulp of the exact sum") {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    CAPTURE(seed);
    const Sound all = hard_to_add(256, seed);
    Rig sum{.kind = "sum"};
    for (const Lane& lane : all) sum.in.push_back({lane});
    const auto summed = sum.run(500, {.seed = seed})[0], mixed = Rig{.kind = "mix", .in = {all}}.run(500)[0];
    REQUIRE(mixed.size() == 1);
    double worst = 0;
    for (std::size_t i = 0; i < 500; ++i) {
      long double exact = 0;
      for (const Lane& lane : all) exact += lane[i];
      worst = std::max({worst, ulps(summed[0][i], exact), ulps(mixed[0][i], exact)});
    }
    CAPTURE(worst);
    CHECK(worst <= 1);
  }
}

TEST_CASE("sum adds lane by lane, and one lane meets many") {
  const auto wide = white_noise(3, 300, 1), narrow = white_noise(1, 300, 2);
  auto expected = wide;
  for (auto& lane : expected)
    for (std::size_t i = 0; i < 300; ++i) lane[i] += narrow[0][i];
  for (const Split split : splits()) {
    CHECK(identical(Rig{.kind = "sum", .in = {wide, narrow}}.run(300, split)[0], expected));
    CHECK(identical(Rig{.kind = "sum", .in = {narrow, wide}}.run(300, split)[0], expected));
  }
}

TEST_CASE("mix of one lane is that lane") {
  const auto in = white_noise(1, 300, 1);
  CHECK(identical(Rig{.kind = "mix", .in = {in}}.run(300)[0], in));
}

TEST_CASE("join bundles all lanes in order, whatever the widths") {
  const auto a = white_noise(2, 300, 1), b = white_noise(1, 300, 2), c = white_noise(3, 300, 3);
  const Rig rig{.kind = "join", .in = {a, b, c}};
  for (const Split split : splits())
    CHECK(identical(rig.run(300, split)[0], {a[0], a[1], b[0], c[0], c[1], c[2]}));
}
