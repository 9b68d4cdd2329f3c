// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

double form(const std::vector<Point>& points, double loop, double time) {
  if (loop > 0) time = std::fmod(time, loop);
  if (time < points[0].time) return points[0].value;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point &a = points[i - 1], &b = points[i];
    if (time >= b.time) continue;
    const double x = (time - a.time) / (b.time - a.time);
    if (b.curve == "lin") return a.value + (b.value - a.value) * x;
    if (b.curve == "exp") return a.value * std::pow(b.value / a.value, x);
    if (b.curve == "s") return a.value + (b.value - a.value) * (3 * x * x - 2 * x * x * x);
    return a.value;
  }
  return points.back().value;
}

std::string mistake(const std::vector<Point>& points) {
  try {
    Rig{.kind = "lane", .fixed = {{"points", points}}}.run(1);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a lane is its closed form on every frame") {
  double worst = 0;
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
      CAPTURE(rate);
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      std::vector<Point> points;
      // Times in steps of 1/64 s: a jump then is on the same frame for test and node, whatever they round.
      double time = static_cast<double>(random() % 3) / 64;
      for (std::size_t i = 0; i < 1 + seed % 8; ++i) {
        const char* curves[] = {"step", "lin", "exp", "s"};
        points.push_back({time, (0.001 + static_cast<double>(random() % 1000)) * (seed % 2 == 0 ? 1 : -1),
                          curves[random() % 4]});
        time += static_cast<double>(1 + random() % 4) / 64;
      }
      const double loop = seed % 3 == 0 ? static_cast<double>(1 + random() % 16) / 64 : 0;
      CAPTURE(loop);
      const auto frames = static_cast<Frames>(rate * 0.7);
      const auto out = Rig{.kind = "lane", .rate = rate, .fixed = {{"points", points}, {"loop", loop}}}.run(
          frames, {.seed = seed})[0][0];
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double at = static_cast<double>(i) / rate;
        const double exact = form(points, loop, at);
        double error = std::abs(out[i] / exact - 1);
        // Where a loop's length is no whole number of frames, a jump may round to either side of it.
        if (loop > 0 && std::abs(at / loop - std::round(at / loop)) < 1e-9) {
          error = std::min(error, std::abs(out[i] / form(points, 0, 0) - 1));
          error = std::min(error, std::abs(out[i] / form(points, 0, loop) - 1));
        }
        worst = std::max(worst, error);
        if (error > 3e-7) FAIL("frame " << i << ": " << out[i] << ", not " << exact);  // float's grain
      }
    }
  MESSAGE("worst: " << worst << " of the value");
}

TEST_CASE("a loop does not drift: an hour on, the lane stands where it stood") {
  const std::vector<Point> points = {{0, 0, "lin"}, {1, 1, "lin"}};
  const Rig rig{.kind = "lane", .rate = 8000, .fixed = {{"points", points}, {"loop", 1.0}}};
  const auto out = rig.run(8000 * 3600)[0][0];
  CHECK(std::equal(out.begin(), out.begin() + 8000, out.end() - 8000));
}

TEST_CASE("mistakes name the point") {
  CHECK(mistake({{1, 5, "lin"}}).empty());
  CHECK(mistake({{1, 0, "exp"}, {2, 3, "lin"}, {3, 9, "exp"}}).empty());
  CHECK(mistake({{0, 1, "lin"}, {2, 1, "lin"}, {2, 5, "lin"}}) ==
        "point 3: time 2 s is not after the 2 s of the point before; for a jump, use step");
  CHECK(mistake({{0, 0, "lin"}, {1, 5, "exp"}}) ==
        "point 2: exp goes between values of one sign and not 0, not from 0 to 5");
  CHECK(mistake({{0, -1, "lin"}, {1, 5, "exp"}}) ==
        "point 2: exp goes between values of one sign and not 0, not from -1 to 5");
  CHECK(mistake({{0, 1, "lin"}, {1, 5, "curvy"}}) ==
        "point 2: curve \"curvy\" is not one of step, lin, exp, s");
}

TEST_CASE("exp goes all the way between the least and the greatest that a float holds") {
  for (const double sign : {1.0, -1.0}) {
    for (const bool up : {true, false}) {
      const double least = sign * 1.2e-38, most = sign * std::numeric_limits<float>::max();
      const Point from{0, up ? least : most, "lin"}, to{0.05, up ? most : least, "exp"};
      const auto out =
          Rig{.kind = "lane", .fixed = {{"points", std::vector<Point>{from, to}}}}.run(2400)[0][0];
      for (std::size_t i = 0; i < out.size(); ++i) {
        const double part = static_cast<double>(i) / 2400;
        const double expected = from.value * std::pow(to.value / from.value, part);
        REQUIRE(std::isfinite(out[i]));
        REQUIRE(static_cast<double>(out[i]) == doctest::Approx(expected).epsilon(1e-5));
      }
    }
  }
}
