// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>
#include <ebur128.h>

#include <cmath>
#include <numbers>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kRates[] = {44100, 48000, 96000, 192000};
enum Reading { kPeak, kRms, kTruePeak, kMomentary, kShortTerm, kIntegrated };

struct Tone {
  double seconds;
  std::vector<double> levels;  ///< dBFS of each lane's peaks
};

/// Sines of 1 kHz, in phase in all lanes, one after the other.
Sound tones(const std::vector<Tone>& parts, double rate) {
  Sound sound(parts[0].levels.size());
  for (const Tone& part : parts) {
    const auto wave = sine_wave(1000, rate, static_cast<Frames>(part.seconds * rate));
    for (std::size_t lane = 0; lane < sound.size(); ++lane) {
      const auto scale = static_cast<float>(std::pow(10, part.levels[lane] / 20));
      for (const float x : wave[0]) sound[lane].push_back(scale * x);
    }
  }
  return sound;
}

std::vector<float> readings(const Sound& sound, double rate, Split split = {}) {
  return Rig{.kind = "meter", .rate = rate, .in = {sound}}.readings(static_cast<Frames>(sound[0].size()),
                                                                    split);
}

}  // namespace

// The signals and what must be read: EBU Tech 3341, table 1.
TEST_CASE("EBU Tech 3341: the minimum requirements test signals 1 to 6") {
  struct Case {
    int number;
    std::vector<Tone> parts;
    double integrated;
    bool steady;  ///< momentary and short-term read the same
  };
  const std::vector<Case> cases = {
      {1, {{20, {-23, -23}}}, -23, true},
      {2, {{20, {-33, -33}}}, -33, true},
      {3, {{10, {-36, -36}}, {60, {-23, -23}}, {10, {-36, -36}}}, -23, false},
      {4,
       {{10, {-72, -72}}, {10, {-36, -36}}, {60, {-23, -23}}, {10, {-36, -36}}, {10, {-72, -72}}},
       -23,
       false},
      {5, {{20, {-26, -26}}, {20.1, {-20, -20}}, {20, {-26, -26}}}, -23, false},
      {6, {{20, {-28, -28, -24, -30, -30}}}, -23, true},
  };
  for (const Case& one : cases) {
    CAPTURE(one.number);
    const auto shown = readings(tones(one.parts, 48000), 48000);
    MESSAGE("case " << one.number << ": M " << shown[kMomentary] << " S " << shown[kShortTerm] << " I "
                    << shown[kIntegrated]);
    CHECK(std::abs(shown[kIntegrated] - one.integrated) <= 0.1);
    if (!one.steady) continue;
    CHECK(std::abs(shown[kMomentary] - one.integrated) <= 0.1);
    CHECK(std::abs(shown[kShortTerm] - one.integrated) <= 0.1);
  }
}

TEST_CASE("loudness is the same at every rate and in any split") {
  for (const double rate : kRates) {
    CAPTURE(rate);
    const auto sound = tones({{4, {-23, -23}}}, rate);
    for (const Split split : {Split{64}, Split{.seed = 11}}) {
      const auto shown = readings(sound, rate, split);
      for (const auto reading : {kMomentary, kShortTerm, kIntegrated})
        CHECK(std::abs(shown[reading] + 23) <= 0.1);
    }
  }
}

TEST_CASE("momentary and short-term are what libebur128 reads from all of its last 0.4 s and 3 s") {
  constexpr Frames kFrames = 48000 * 5;
  auto in = white_noise(2, kFrames, 4, 0.5F);
  for (std::size_t i = 0; i < kFrames; ++i) in[0][i] *= static_cast<float>(i) / kFrames;
  ebur128_state* reference = ebur128_init(2, 48000, EBUR128_MODE_S);
  for (std::size_t i = 0; i < kFrames; ++i) {
    const float frame[] = {in[0][i], in[1][i]};
    ebur128_add_frames_float(reference, frame, 1);
  }
  double momentary = 0, short_term = 0;
  ebur128_loudness_momentary(reference, &momentary);
  ebur128_loudness_shortterm(reference, &short_term);
  ebur128_destroy(&reference);
  const auto shown = readings(in, 48000, {.seed = 5});
  CHECK(std::abs(shown[kMomentary] - momentary) < 1e-4);
  CHECK(std::abs(shown[kShortTerm] - short_term) < 1e-4);
}

TEST_CASE("lanes beyond surround count alike, each with its own filter; LFE does not count") {
  // Uncorrelated lanes: their energies add, so that eight are 9.03 dB more than one.
  const auto eight = white_noise(8, 48000 * 3, 6, 0.1F);
  double energy = 0;
  for (const auto& lane : eight) energy += std::pow(10, readings({lane}, 48000)[kShortTerm] / 10);
  CHECK(std::abs(readings(eight, 48000)[kShortTerm] - 10 * std::log10(energy)) < 1e-3);
  const auto six = tones({{4, {-28, -28, -24, -3, -30, -30}}}, 48000);
  CHECK(std::abs(readings(six, 48000)[kMomentary] + 23) <= 0.1);
}

TEST_CASE("peak, RMS and true peak of a sine at a quarter of the rate, 45 degrees off its samples") {
  for (const double rate : kRates) {
    CAPTURE(rate);
    Sound sound(2, Lane(static_cast<std::size_t>(rate * 4)));
    for (std::size_t i = 0; i < sound[0].size(); ++i)
      sound[1][i] =
          static_cast<float>(0.5 * std::sin(std::numbers::pi * (static_cast<double>(i % 4) / 2 + 0.25)));
    const auto shown = readings(sound, rate);
    CHECK(std::abs(shown[kPeak] + 6.0206 + 3.0103) < 1e-3);
    CHECK(std::abs(shown[kRms] + 6.0206 + 3.0103) < 1e-3);  // 13 time constants: 1e-5 dB
    if (rate > 96000) continue;                             // the library oversamples to 192 kHz
    CHECK(shown[kTruePeak] > -6.0206 - 0.4);                // EBU Tech 3341: +0.2/−0.4 dB
    CHECK(shown[kTruePeak] < -6.0206 + 0.2);
  }
}

TEST_CASE("meter passes the signal through; silence reads as −400") {
  const auto in = white_noise(3, 5000, 1);
  CHECK(identical(Rig{.kind = "meter", .in = {in}}.run(5000, {.seed = 2})[0], in));
  for (const float value : readings(silence(2, 48000), 48000)) CHECK(value == doctest::Approx(-400));
  CHECK_THROWS_WITH(readings(silence(65, 10), 48000), "65 lanes are more than a meter's 64");
}
