// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kRates[] = {44100, 48000, 96000, 192000};

/// Giannoulis, Massberg, Reiss 2012, eq. 4: the level that comes out of a static curve, dB.
double curve(double in, double threshold, double ratio, double knee) {
  const double over = in - threshold;
  if (2 * over < -knee) return in;
  if (2 * std::abs(over) <= knee && knee > 0)
    return in + (1 / ratio - 1) * std::pow(over + knee / 2, 2) / (2 * knee);
  return threshold + over / ratio;
}

/// A cosine of 1 kHz, so that a step begins at a crest, or for 0 Hz a steady level.
Lane wave(double hz, double rate, Frames frames, double amplitude) {
  Lane lane;
  for (Frames i = 0; i < frames; ++i)
    lane.push_back(static_cast<float>(
        amplitude * std::cos(2 * std::numbers::pi * std::fmod(hz * static_cast<double>(i) / rate, 1.0))));
  return lane;
}

Lane operator+(Lane a, const Lane& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Seconds from frame `from` until the reduction has gone 1 − 1/e of the way from its value there to `end`.
double time_of_step(const Lane& reduction, std::size_t from, double end, double rate) {
  const double start = reduction[from - 1];
  std::size_t i = from;
  while (i < reduction.size() && (reduction[i] - start) / (end - start) < 1 - 1 / std::numbers::e) ++i;
  return static_cast<double>(i + 1 - from) / rate;
}

}  // namespace

TEST_CASE(
    "the static curve is the formula's, for steady levels and for sines, by peaks and by mean squares") {
  double worst = 0;
  std::mt19937_64 random(77);
  const auto uniform = [&](double least, double most) {
    return least + (most - least) * static_cast<double>(random() >> 11U) * 0x1p-53;
  };
  for (const double rate : kRates)
    for (const std::string detector : {"peak", "rms"})
      for (int run = 0; run < 12; ++run) {
        const double threshold = uniform(-60, -5), ratio = std::pow(100, uniform(0, 1)),
                     knee = run % 3 * 12.0, hz = run % 2 * uniform(200, 3000), level = uniform(-70, 0),
                     makeup = uniform(0, 12);
        CAPTURE(rate);
        CAPTURE(detector);
        CAPTURE(threshold);
        CAPTURE(ratio);
        CAPTURE(knee);
        CAPTURE(hz);
        CAPTURE(level);
        const auto frames = static_cast<Frames>(rate / 2);
        const auto in = wave(hz, rate, frames, std::pow(10, level / 20));
        const auto out = Rig{
            .kind = "compressor",
            .rate = rate,
            .params = {{"threshold", threshold}, {"ratio", ratio}, {"knee", knee}, {"makeup", makeup}},
            .fixed = {{"detector", detector}},
            .in = {{in}}}.run(frames, {.seed = random() | 1U});
        const double heard = level - (detector == "rms" && hz > 0 ? 10 * std::log10(2) : 0);
        const double expected = curve(heard, threshold, ratio, knee) - heard;
        const auto tail = static_cast<std::size_t>(frames) / 50;  // 10 ms
        const Lane in_end(in.end() - static_cast<Frames>(tail), in.end());
        const Lane out_end(out[0][0].end() - static_cast<Frames>(tail), out[0][0].end());
        const double error = std::max(std::abs(db(peak(out_end)) - db(peak(in_end)) - makeup - expected),
                                      std::abs(out[1][0].back() + expected));
        worst = std::max(worst, error);
        CHECK(error <= 0.1);
      }
  MESSAGE("worst of the static curve: " << worst << " dB");
}

TEST_CASE("attack and release cover 1 − 1/e of a step, in dB, in their times") {
  double worst_attack = 0, worst_release = 0;
  for (const double rate : kRates)
    for (const double attack : {0.002, 0.01, 0.1})
      for (const double release : {0.03, 0.1, 0.6})
        for (const double hz : {0.0, 1000.0}) {
          if (hz > 0 && attack < 0.01)
            continue;  // a half cycle is a quarter of 2 ms: a sine has no level sooner
          CAPTURE(rate);
          CAPTURE(attack);
          CAPTURE(release);
          CAPTURE(hz);
          const auto low = static_cast<Frames>(rate * 0.1), high = static_cast<Frames>(rate * (attack * 20)),
                     after = static_cast<Frames>(rate * release * 3);
          const Lane in = wave(hz, rate, low, 0.001) + wave(hz, rate, high, 1) + wave(hz, rate, after, 0.001);
          const auto reduction = Rig{
              .kind = "compressor",
              .rate = rate,
              .params = {{"threshold", -24.0}, {"ratio", 3.0}, {"attack", attack}, {"release", release}},
              .in = {{in}}}.run(static_cast<Frames>(in.size()))[1][0];
          const double error = time_of_step(reduction, static_cast<std::size_t>(low), 16, rate) / attack - 1;
          const double back =
              time_of_step(reduction, static_cast<std::size_t>(low + high), 0, rate) / release - 1;
          worst_attack = std::max(worst_attack, std::abs(error));
          worst_release = std::max(worst_release, std::abs(back));
          CHECK(std::abs(error) <= 0.05);
          CHECK(std::abs(back) <= 0.05);
        }
  MESSAGE("worst of attack " << worst_attack * 100 << " %, of release " << worst_release * 100 << " %");
}

TEST_CASE("by mean squares, long times are as set too: the averaging adds 10 ms at most") {
  for (const double rate : kRates) {
    CAPTURE(rate);
    const auto third = static_cast<Frames>(rate * 2);
    const Lane in =
        wave(1000, rate, third, 0.001) + wave(1000, rate, third, 1) + wave(1000, rate, third, 0.001);
    const auto reduction = Rig{
        .kind = "compressor",
        .rate = rate,
        .params = {{"threshold", -24.0}, {"ratio", 3.0}, {"attack", 0.2}, {"release", 0.3}},
        .fixed = {{"detector", std::string("rms")}},
        .in = {{in}}}.run(third * 3)[1][0];
    const double end = 2.0 / 3 * (24 - 10 * std::log10(2));
    CHECK(time_of_step(reduction, static_cast<std::size_t>(third), end, rate) ==
          doctest::Approx(0.2).epsilon(0.05));
    CHECK(time_of_step(reduction, static_cast<std::size_t>(third * 2), 0, rate) ==
          doctest::Approx(0.3).epsilon(0.05));
  }
}

TEST_CASE("below the threshold and its knee the signal passes bit for bit") {
  const auto in = white_noise(2, 5000, 3, 0.0707F);  // −23 dB
  const auto out = Rig{.kind = "compressor", .in = {in}}.run(5000);
  CHECK(identical(out[0], in));
  CHECK(peak(out[1][1]) == 0);
}

TEST_CASE("lanes share one gain, that of the loudest; the key decides it when there is one") {
  constexpr Frames kFrames = 8000;
  const auto quiet = white_noise(1, kFrames, 1, 0.01F)[0], loud = white_noise(1, kFrames, 2)[0];
  for (const std::string detector : {"peak", "rms"}) {
    CAPTURE(detector);
    const auto run = [&](const std::vector<Sound>& in) {
      const Rig rig{.kind = "compressor", .fixed = {{"detector", detector}}, .in = in};
      CHECK(rig.lanes() == in[0].size());
      return rig.run(kFrames, {.seed = 9});
    };
    const auto alone = run({{loud}});
    CHECK(peak(alone[1][0]) > 6);
    const auto both = run({{quiet, loud}});
    CHECK(identical(both[1], {alone[1][0], alone[1][0]}));
    CHECK(identical({both[0][1]}, alone[0]));
    CHECK(identical(run({{quiet, quiet}, {loud}})[1], both[1]));   // a key of one lane for two
    CHECK(identical(run({{quiet}, {quiet, loud}})[1], alone[1]));  // of two for one
    CHECK(identical(run({{loud}, {quiet, loud}})[0], alone[0]));
    CHECK(peak(run({{loud}, {quiet}})[1][0]) == 0);  // the key is quiet
    CHECK(peak(run({{loud, loud, loud}, silence(2, kFrames)})[1][0]) == 0);
  }
}

TEST_CASE("after the loudest noise, silence is silence at once: mean squares leave no rounding behind") {
  for (std::uint64_t seed = 1; seed <= 8;
       ++seed) {  // what is left behind may have either sign: only one shows
    CAPTURE(seed);
    constexpr Frames kFrames = 12000;
    Sound in = white_noise(1, kFrames, seed);
    for (auto& x : in[0]) x = std::pow(1e5F, x);  // of all magnitudes, so that sums have to be rounded
    std::fill(in[0].begin() + 10000, in[0].end(), 0.F);
    const Rig rig{.kind = "compressor",
                  .params = {{"threshold", -80.0}, {"knee", 0.0}, {"attack", 0.0}, {"release", 0.0}},
                  .fixed = {{"detector", std::string("rms")}},
                  .in = {in}};
    CHECK(rig.run(kFrames)[1][0][10000 + 961] == doctest::Approx(0));  // two windows later
  }
}
