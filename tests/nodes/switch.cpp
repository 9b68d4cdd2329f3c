// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr Frames kFrames = 6000;

Sound level(float height) { return {Lane(kFrames, height)}; }

/// A signal that holds each value until the frame of the next.
Sound steps(const std::vector<std::pair<Frames, float>>& points) {
  Sound sound = silence(1, kFrames);
  for (const auto& [from, value] : points) std::fill(sound[0].begin() + from, sound[0].end(), value);
  return sound;
}

double largest_step(const Lane& lane) {
  double most = 0;
  for (std::size_t i = 1; i < lane.size(); ++i)
    most = std::max<double>(most, std::abs(lane[i] - lane[i - 1]));
  return most;
}

}  // namespace

TEST_CASE("switch rounds its index and clamps it to the inputs") {
  const auto a = white_noise(2, 200, 1), b = white_noise(2, 200, 2), c = white_noise(1, 200, 3);
  const Sound spread = {c[0], c[0]};
  for (const auto& [index, expected] : std::vector<std::pair<double, Sound>>{
           {0, a}, {0.4, a}, {0.6, b}, {1, b}, {1.6, spread}, {2, spread}, {99, spread}, {1e30, spread}}) {
    CAPTURE(index);
    const auto out = Rig{.kind = "switch", .params = {{"index", index}}, .in = {a, b, c}}.run(200)[0];
    CHECK(identical(out, expected));
  }
}

TEST_CASE("switch crossfades over exactly its frames: equal power, or linear between kin") {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
    CAPTURE(rate);
    const auto length = static_cast<Frames>(std::lround(0.02 * rate));
    Rig rig{.kind = "switch", .rate = rate, .params = {{"index", steps({{0, 0}, {1000, 1}})}}};
    rig.in = {level(1), level(0)};
    const auto falling = rig.run(kFrames, {.seed = 5})[0][0];
    rig.in = {level(0), level(1)};
    const auto rising = rig.run(kFrames, {.seed = 6})[0][0];
    rig.related = true;
    const auto linear = rig.run(kFrames, {.seed = 7})[0][0];
    double worst = 0;
    for (Frames i = 0; i < kFrames; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double part = std::clamp(static_cast<double>(i - 1000) / static_cast<double>(length), 0.0, 1.0);
      const double turn = std::numbers::pi / 2 * part;
      worst = std::max({worst, std::abs(rising[at] - std::sin(turn)), std::abs(falling[at] - std::cos(turn)),
                        std::abs(linear[at] - part)});
    }
    CHECK(20 * std::log10(worst) < -120);  // float rounding and the polynomial's
    CHECK(rising[static_cast<std::size_t>(1000 + length)] == 1);
    CHECK(rising[static_cast<std::size_t>(1000 + length - 1)] < 1);
  }
}

TEST_CASE("kin that are the same pass a switch untouched") {
  const auto in = white_noise(1, kFrames, 1);
  const Rig rig{.kind = "switch",
                .params = {{"index", steps({{0, 0}, {500, 2}, {900, 1}, {1100, 0}})}},
                .in = {in, in, in},
                .related = true};
  CHECK(difference_db(rig.run(kFrames)[0], in) < -120);
}

TEST_CASE("changes in the middle of a fade make no step and keep the power") {
  const double fastest = std::numbers::pi / 2 / 960;  // slope of a quarter turn over 20 ms
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::vector<std::pair<Frames, float>> points = {{0, 0.F}};
    for (Frames at = 0; at < kFrames - 400; points.emplace_back(at, static_cast<float>(random() % 4)))
      at += 1 + static_cast<Frames>(random() % 400);
    Rig rig{.kind = "switch", .params = {{"index", steps(points)}}};
    std::vector<double> power(kFrames);
    for (std::size_t k = 0; k < 4; ++k) {
      rig.in.assign(4, level(0));
      rig.in[k] = level(1);
      const auto gain = rig.run(kFrames, {.seed = seed})[0][0];
      // Twice the plain slope: several inputs move at once, and the correction of their power with them.
      CHECK(largest_step(gain) < 2 * fastest);
      for (std::size_t i = 0; i < kFrames; ++i) power[i] += static_cast<double>(gain[i]) * gain[i];
    }
    for (const double one : power) CHECK(one == doctest::Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("a fade of no length switches at the frame, each lane by its own index") {
  const auto a = white_noise(1, kFrames, 1), b = white_noise(1, kFrames, 2);
  const Rig rig{.kind = "switch",
                .params = {{"index", Sound{steps({{0, 0}, {100, 1}})[0], steps({{0, 1}, {333, 0}})[0]}}},
                .fixed = {{"fade", 0.0}},
                .in = {a, b}};
  Sound expected = {a[0], b[0]};
  std::copy(b[0].begin() + 100, b[0].end(), expected[0].begin() + 100);
  std::copy(a[0].begin() + 333, a[0].end(), expected[1].begin() + 333);
  for (const Split split : splits()) CHECK(identical(rig.run(kFrames, split)[0], expected));
}

namespace {

/// Gains of an input that is chosen from a frame on, and of one that is left there, at frame i: fades of
/// `fade` frames end, to the bit, at their last one.
double rising(Frames i, Frames from, Frames fade) {
  const double part = static_cast<double>(i - from + 1) / static_cast<double>(fade + 1);
  return std::sin(std::numbers::pi / 2 * std::clamp(part, 0.0, 1.0));
}
double falling(Frames i, Frames from, Frames fade) {
  const double part = 1 - static_cast<double>(i - from + 1) / static_cast<double>(fade + 1);
  return std::sin(std::numbers::pi / 2 * std::clamp(part, 0.0, 1.0));
}

Sound random_choices(std::mt19937_64& random, Frames frames, unsigned inputs) {
  std::vector<std::pair<Frames, float>> points = {{0, 0.F}};
  for (Frames at = 0; at < frames - 2000; points.emplace_back(at, static_cast<float>(random() % inputs)))
    at += 1 + static_cast<Frames>(random() % (random() % 3 == 0 ? 2000 : 300));
  return steps(points);
}

}  // namespace

TEST_CASE("with a tail, what is left stays for fade and tail, then fades; what comes fades in") {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    CAPTURE(rate);
    const auto fade = static_cast<Frames>(std::lround(0.01 * rate)),
               hold = fade + static_cast<Frames>(std::lround(0.02 * rate));
    Rig rig{.kind = "switch",
            .rate = rate,
            .params = {{"index", steps({{0, 0}, {1000, 1}})}},
            .fixed = {{"fade", 0.01}, {"tail", 0.02}}};
    rig.in = {level(1), level(0)};
    const auto left = rig.run(kFrames, {.seed = 5})[0][0];
    rig.in = {level(0), level(1)};
    const auto came = rig.run(kFrames, {.seed = 6})[0][0];
    double worst = 0;
    for (Frames i = 0; i < kFrames; ++i) {
      const auto at = static_cast<std::size_t>(i);
      worst = std::max(worst, std::abs(came[at] - rising(i, 1000, fade)));
      worst = std::max(worst, std::abs(left[at] - falling(i, 1000 + hold, fade)));
      if (i < 1000 + hold) CHECK(left[at] == 1);
      if (i >= 1000 + hold + fade) CHECK(left[at] == 0);
      if (i >= 1000 + fade) CHECK(came[at] == 1);
    }
    CHECK(20 * std::log10(worst) < -120);
  }
}

TEST_CASE("chosen again within its tail, an input was never gone") {
  const auto in = white_noise(2, kFrames, 4);
  const Rig rig{.kind = "switch",
                .params = {{"index", steps({{0, 0}, {1000, 1}, {2300, 0}, {2310, 1}, {3000, 0}})}},
                .fixed = {{"fade", 0.01}, {"tail", 0.02}},
                .in = {in, silence(2, kFrames)}};
  CHECK(identical(rig.run(kFrames)[0], in));  // left for 1300 frames of 1440, and for 690
}

TEST_CASE("whatever is chosen with a tail, no gain steps, and bits do not depend on the split") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    Rig rig{.kind = "switch",
            .params = {{"index", random_choices(random, kFrames, 4)}},
            .fixed = {{"fade", 0.01}, {"tail", 0.015}},
            .related = seed % 2 == 0};
    const double steepest = (rig.related ? 1 : std::numbers::pi / 2) / 481;
    for (std::size_t k = 0; k < 4; ++k) {
      rig.in.assign(4, level(0));
      rig.in[k] = level(1);
      CHECK(largest_step(rig.run(kFrames)[0][0]) < steepest + 1e-6);
    }
    for (std::size_t k = 0; k < 4; ++k) rig.in[k] = white_noise(2, kFrames, 10 * seed + k);
    const auto expected = rig.run(kFrames)[0];
    for (const Split split : splits()) CHECK(identical(rig.run(kFrames, split)[0], expected));
    rig.in_place = true;
    CHECK(identical(rig.run(kFrames)[0], expected));
  }
}

TEST_CASE("with a tail a switch has one index") {
  Rig rig{.kind = "switch",
          .params = {{"index", Sound(2, Lane(100, 0.F))}},
          .fixed = {{"tail", 1.0}},
          .in = {white_noise(2, 100, 1), white_noise(2, 100, 2)}};
  CHECK_THROWS_WITH(rig.run(100),
                    "index has 2 lanes, but with a tail one index serves all lanes: take one with [n]");
  rig.fixed["tail"] = 0.0;
  CHECK_NOTHROW(rig.run(100));
}
