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

constexpr double kRates[] = {44100, 48000, 96000, 192000};
constexpr const char* kShapes[] = {"sine", "triangle", "saw", "square"};

double shape(const std::string& name, double cycles) {
  const double p = cycles - std::floor(cycles);
  if (name == "sine") return std::sin(2 * std::numbers::pi * p);
  if (name == "triangle") return 1 - 4 * std::abs(p + 0.25 - std::floor(p + 0.25) - 0.5);
  if (name == "saw") return 2 * p - 1;
  return p < 0.5 ? 1 : -1;
}

}  // namespace

TEST_CASE("lfo is its shape's closed form") {
  const std::uint64_t seed = 20261121;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> part;
  for (const double rate : kRates) {
    for (const std::string name : kShapes) {
      for (int i = 0; i < 8; ++i) {
        const auto hz = static_cast<float>(std::pow(10, -2 + 4 * part(random)) * (i % 2 == 0 ? 1 : -1));
        const auto phase = static_cast<float>(8 * part(random) - 4);
        CAPTURE(rate);
        CAPTURE(name);
        CAPTURE(hz);
        CAPTURE(phase);
        const Rig rig{.kind = "lfo",
                      .rate = rate,
                      .params = {{"hz", hz}, {"phase", phase}},
                      .fixed = {{"shape", name}}};
        const Lane out = rig.run(20000, {.seed = random()})[0][0];
        double most = 0;
        for (int frame = 0; frame < 20000; ++frame) {
          const double cycles = phase + static_cast<double>(hz) * frame / rate;
          // Within 2^-31 of a cycle of a jump either side is right.
          if (name == "saw" && std::abs(cycles - std::round(cycles)) < 0x1p-31) continue;
          if (name == "square" && std::abs(2 * cycles - std::round(2 * cycles)) < 0x1p-30) continue;
          most = std::max(most, std::abs(out[static_cast<std::size_t>(frame)] - shape(name, cycles)));
        }
        CHECK(most < 2.5e-7);  // float rounding; the sine's polynomial 1.2e-7
      }
    }
  }
}

TEST_CASE("a cycle of beats lasts so many frames, and begins on the frame, also after a minute") {
  // Every cycle is a whole number of frames here: 120 beats a minute is what a Rig's Setup has.
  for (const double rate : kRates) {
    for (const double beats : {0.25, 1.0, 3.0, 16.0}) {
      CAPTURE(rate);
      CAPTURE(beats);
      const double cycle = beats * 0.5 * rate;
      if (cycle != std::floor(cycle)) continue;
      const double frames = 60 * rate;
      for (const std::string name : {"saw", "square"}) {
        const Rig rig{.kind = "lfo", .rate = rate, .fixed = {{"shape", name}, {"beats", beats}}};
        const auto length = static_cast<Frames>(frames);
        const Frames keep = std::min<Frames>(length, static_cast<Frames>(cycle) + 10);
        const Lane out = rig.tail(length, keep, {.seed = 3})[0][0];
        double most = 0;
        for (Frames i = 0; i < keep; ++i)
          most = std::max(
              most,
              std::abs(out[static_cast<std::size_t>(i)] -
                       shape(name,
                             static_cast<double>((length - keep + i) % static_cast<Frames>(cycle)) / cycle)));
        CHECK(most < 2.5e-7);
      }
    }
  }
}
