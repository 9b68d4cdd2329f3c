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
constexpr int kTimes = 16, kReach = 32;

/// The highest point between the samples, dB: sixteen times oversampled by a sinc under a raised cosine, 32
/// frames to either side, in double precision. Other window, other length and other resolution than the
/// limiter's own.
const std::vector<double>& meter() {
  static const auto filter = [] {
    std::vector<double> taps;
    for (int phase = 0; phase < kTimes; ++phase)
      for (int k = 1 - kReach; k <= kReach; ++k) {
        const double t = std::numbers::pi * (k - static_cast<double>(phase) / kTimes);
        taps.push_back((t == 0 ? 1 : std::sin(t) / t) * std::pow(std::cos(t / kReach / 2), 2));
      }
    return taps;
  }();
  return filter;
}

double true_peak_db(const Lane& lane) {
  const auto& filter = meter();
  Lane padded(kReach + kReach, 0.F);
  padded.insert(padded.begin() + kReach, lane.begin(), lane.end());
  double most = 0;
  for (std::size_t i = 0; i + 2 * kReach <= padded.size(); ++i)
    for (std::size_t phase = 0; phase < kTimes; ++phase) {
      double sum = 0;
      for (std::size_t k = 0; k < 2 * kReach; ++k) sum += filter[phase * 2 * kReach + k] * padded[i + k];
      most = std::max(most, std::abs(sum));
    }
  return db(most);
}

/// What breaks limiters, each full scale × `scale`, ending in silence so that all of it comes out.
std::vector<std::pair<std::string, Lane>> hard_signals(float scale, Frames sounding, Frames silent,
                                                       std::uint64_t seed) {
  std::vector<std::pair<std::string, Lane>> all;
  std::mt19937_64 random(seed);
  const auto add = [&](const std::string& name, auto at) {
    Lane lane(static_cast<std::size_t>(sounding + silent), 0.F);
    for (Frames i = 0; i < sounding; ++i)
      lane[static_cast<std::size_t>(i)] = scale * static_cast<float>(at(static_cast<double>(i)));
    all.emplace_back(name, lane);
  };
  constexpr double kTurn = 2 * std::numbers::pi;
  const auto uniform = [&] { return static_cast<double>(random() >> 11U) * 0x1p-52 - 1; };
  add("noise", [&](double) { return uniform(); });
  add("random bits", [&](double) { return random() % 2 == 0 ? 1 : -1; });
  add("impulses", [&](double) { return random() % 90 == 0 ? uniform() * 4 : 0; });
  add("square", [](double i) { return std::fmod(i, 101) < 50 ? 1 : -1; });
  add("slow square", [](double i) { return std::fmod(i, 960) < 480 ? 1 : -1; });
  add("sine", [&](double i) { return std::sin(kTurn * i / 1037.3); });
  add("fs/4 at 45 degrees", [&](double i) { return std::sin(kTurn * (i / 4 + 1.0 / 8)); });
  add("bursts of fs/4",
      [&](double i) { return std::fmod(i, 400) < 200 ? std::sin(kTurn * (i / 4 + 1.0 / 8)) : 0; });
  for (const double part : {0.3, 0.4, 0.45, 0.48}) {
    const double phase = uniform();
    add("bursts near fs·" + std::to_string(part),
        [=](double i) { return std::fmod(i, 600) < 350 ? std::sin(kTurn * (i * part + phase)) : 0; });
  }
  double held = 0;
  add("red noise, swelling", [&](double i) {
    held = 0.9 * held + 0.3 * uniform();
    return held * (1 + 5 * std::pow(std::sin(i / 100), 8));
  });
  return all;
}

}  // namespace

TEST_CASE("the output's true peak is never above the ceiling") {
  double nearest = -400;
  std::mt19937_64 random(2012);
  for (const double rate : kRates)
    for (const double lookahead : {0.001, 0.0017, 0.005}) {
      CAPTURE(rate);
      CAPTURE(lookahead);
      for (const float scale : {1.F, 10.F}) {
        CAPTURE(scale);
        const std::uint64_t seed = random() % 1000 + 1;
        CAPTURE(seed);
        const double ceiling = -0.5 - static_cast<double>(random() % 240) / 10;
        CAPTURE(ceiling);
        const Frames silent = static_cast<Frames>(lookahead * rate) + 100, frames = 1500 + silent;
        for (const auto& [name, lane] : hard_signals(scale, 1500, silent, seed)) {
          CAPTURE(name);
          const Rig rig{
              .kind = "limiter",
              .rate = rate,
              .params = {{"ceiling", ceiling}, {"release", static_cast<double>(random() % 100) / 1000}},
              .fixed = {{"lookahead", lookahead}},
              .in = {{lane}}};
          const double over = true_peak_db(rig.run(frames, {.seed = seed})[0][0]) - ceiling;
          nearest = std::max(nearest, over);
          CHECK(over <= 0);
        }
      }
    }
  MESSAGE("nearest to the ceiling: " << nearest << " dB");
}

// The worst that full scale can do to the meter at one point is each sample with the sign of its tap. Turned
// over within `near` frames of that point, it is worst far out, where a detector of less reach does not look.
TEST_CASE("bursts made against a detector of short reach do not get past the ceiling") {
  constexpr std::size_t kTaps = 2 * kReach;
  for (const double rate : {44100.0, 48000.0, 96000.0})
    for (const double lookahead : {0.001, 0.0014, 0.005}) {
      CAPTURE(rate);
      CAPTURE(lookahead);
      // Far enough apart for the gain to be back at 1 in between.
      const auto gap = static_cast<std::size_t>(2 * lookahead * rate) + 800;
      double nearest = -400;
      for (const double level : {1.0, 4.0}) {
        Lane lane;
        for (std::size_t phase = 1; phase < kTimes; phase += 2)
          for (int near = 0; near <= kReach; near += 3) {
            lane.resize(lane.size() + gap, 0.F);
            for (std::size_t k = 0; k < kTaps; ++k) {
              const bool turned = std::abs(static_cast<int>(k) - kReach) < near;
              const double sign = meter()[phase * kTaps + k] < 0 ? -1 : 1;
              lane.push_back(static_cast<float>(level * (turned ? -sign : sign)));
            }
          }
        lane.resize(lane.size() + gap, 0.F);
        const Rig rig{.kind = "limiter",
                      .rate = rate,
                      .params = {{"ceiling", -1.0}, {"release", 0.002}},
                      .fixed = {{"lookahead", lookahead}},
                      .in = {{lane}}};
        nearest = std::max(nearest, true_peak_db(rig.run(static_cast<Frames>(lane.size()))[0][0]) + 1);
      }
      MESSAGE(rate << " Hz, " << lookahead * 1000 << " ms: " << nearest << " dB");
      CHECK(nearest <= 0);
    }
}

TEST_CASE("the latency is the look-ahead to the frame, and what stays below the ceiling passes bit for bit") {
  for (const double rate : kRates)
    for (const double lookahead : {0.001, 0.0033, 0.005, 0.1}) {
      CAPTURE(rate);
      CAPTURE(lookahead);
      const auto in = white_noise(3, 25000, 5, 0.25F);  // its true peak is below −6 dB
      const Rig rig{.kind = "limiter",
                    .rate = rate,
                    .params = {{"ceiling", -1.0}},
                    .fixed = {{"lookahead", lookahead}},
                    .in = {in}};
      const Frames latency = rig.latency();
      CHECK(latency == std::lround(lookahead * rate));
      auto expected = in;
      for (auto& lane : expected) {
        lane.insert(lane.begin(), static_cast<std::size_t>(latency), 0.F);
        lane.resize(25000);
      }
      CHECK(identical(rig.run(25000, {.seed = 3})[0], expected));
    }
  CHECK(Rig{.kind = "limiter", .fixed = {{"lookahead", 0.005}}, .in = {silence(1, 1)}}.latency() == 240);
}

TEST_CASE(
    "a sine 0.15 dB below the ceiling still passes bit for bit; just above, it is turned down by little "
    "more") {
  const auto run = [](double level_db) {
    const auto in = sine_wave(997, 48000, 20000, std::pow(10, level_db / 20));
    auto out = Rig{.kind = "limiter", .params = {{"ceiling", -6.0}}, .in = {in}}.run(20000)[0];
    const bool same = std::equal(in[0].begin(), in[0].end() - 240, out[0].begin() + 240);
    return std::pair(same, db(peak(out[0])));
  };
  CHECK(run(-6.15).first);
  const auto [same, loud] = run(6);
  CHECK_FALSE(same);
  CHECK(loud > -6.4);  // 0.1 dB unseen and 0.25 dB of margin
  CHECK(loud < -6.0);
}

TEST_CASE("all lanes have one gain") {
  Sound in = white_noise(2, 5000, 8, 0.2F);
  for (std::size_t i = 2000; i < 2100; ++i) in[0][i] *= 40;
  const auto out = Rig{.kind = "limiter", .in = {in}}.run(5000)[0];
  double least = 1;
  for (std::size_t i = 240; i < 5000; ++i) {
    const double left = out[0][i] / in[0][i - 240], right = out[1][i] / in[1][i - 240];
    CHECK(left == doctest::Approx(right).epsilon(1e-6));
    least = std::min(least, right);
  }
  CHECK(least < 0.15);
}

TEST_CASE("after a peak the reduction falls to 1/e in the release time") {
  for (const double rate : kRates)
    for (const double release : {0.02, 0.1, 0.5}) {
      CAPTURE(rate);
      CAPTURE(release);
      const auto frames = static_cast<Frames>(rate);
      Sound in = silence(1, frames);
      std::ranges::fill(in[0], 0.1F);
      for (std::size_t i = 0; i < 4000; ++i) in[0][i] = 2;
      const Rig rig{.kind = "limiter", .rate = rate, .params = {{"release", release}}, .in = {in}};
      const auto latency = static_cast<std::size_t>(rig.latency());
      const auto out = rig.run(frames)[0][0];
      const auto reduction = [&](std::size_t i) { return 1 - out[i] / in[0][i - latency]; };
      std::size_t i = latency + 4100 + latency;
      const double start = reduction(i);
      const std::size_t from = i;
      while (reduction(i) > start / std::numbers::e) ++i;
      const double measured = static_cast<double>(i - from) / rate;
      CHECK(measured == doctest::Approx(release).epsilon(0.01));
    }
}

TEST_CASE("a moving ceiling holds for the sound that came in with it") {
  constexpr Frames kFrames = 20000;
  Sound in = silence(1, kFrames);
  for (std::size_t i = 300; i < kFrames; i += 701)
    in[0][i] = 4;  // far apart: each meets the ceiling of its frame
  Sound ceiling = silence(1, kFrames);
  for (Frames i = 0; i < kFrames; ++i)
    ceiling[0][static_cast<std::size_t>(i)] =
        static_cast<float>(-15 + 14 * std::sin(static_cast<double>(i) / 1000));
  const Rig rig{.kind = "limiter", .params = {{"ceiling", ceiling}, {"release", 0.001}}, .in = {in}};
  const auto out = rig.run(kFrames)[0][0];
  double most = -400, least = 400;
  for (std::size_t i = 300; i + 240 < kFrames; i += 701) {
    const double over = db(out[i + 240]) - ceiling[0][i];
    most = std::max(most, over);
    least = std::min(least, over);
  }
  MESSAGE("under the moving ceiling by " << -most << " … " << -least << " dB");
  CHECK(most <= -0.34);  // 0.1 dB unseen and 0.25 dB of margin
  CHECK(least >= -0.36);
}

TEST_CASE("a parameter for each lane is refused") {
  const Rig rig{.kind = "limiter", .params = {{"ceiling", silence(2, 10)}}, .in = {silence(2, 10)}};
  CHECK_THROWS_WITH(rig.run(10), "ceiling has 2 lanes, but one gain serves all lanes: take one with [n]");
}
