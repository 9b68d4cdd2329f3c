// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kPi = std::numbers::pi;
constexpr std::array kRates = {44100.0, 48000.0, 96000.0, 192000.0};

/// All its parameters, moving.
Rig moving(unsigned lanes, Frames frames) {
  Rig rig{.kind = "chorus", .in = {white_noise(lanes, frames, 3)}};
  const auto wave = [&](const char* name, double hz, double middle, double swing) {
    Sound sound = sine_wave(hz, 48000, frames, swing);
    for (float& x : sound[0]) x += static_cast<float>(middle);
    rig.params[name] = sound;
  };
  wave("rate", 30, 5, 5);
  wave("depth", 70, 0.5, 0.5);
  wave("feedback", 11, 0, 0.9);
  wave("mix", 45, 0.5, 0.5);
  wave("time", 9, 0.02, 0.019);
  return rig;
}

}  // namespace

TEST_CASE("a chorus of no depth is a comb, with its notches where the formula has them") {
  for (const double rate : kRates) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      std::mt19937_64 random(seed);
      const auto shift = static_cast<double>(std::lround(0.002 * rate)) + static_cast<double>(random() % 300);
      std::uniform_real_distribution<double> part(0, 1);
      const double mix = seed == 1 ? 0.5 : part(random), feedback = seed == 1 ? 0 : 1.2 * part(random) - 0.6;
      CAPTURE(rate);
      CAPTURE(shift);
      CAPTURE(mix);
      CAPTURE(feedback);
      const auto frames = static_cast<Frames>(60 * shift);  // 0.6^60 is -266 dB
      const auto out = Rig{
          .kind = "chorus",
          .rate = rate,
          .params =
              {{"depth", 0.0}, {"time", shift / rate}, {"mix", mix}, {"feedback", feedback}, {"rate", 7.0}},
          .in = {impulse(
              frames)}}.run(frames, {.seed = seed})[0][0];
      double worst = 0;
      for (int k = 0; k < 40; ++k) {
        const double hz = (0.25 * k) * rate / shift;  // every other odd one is a notch
        const auto back = std::polar(1.0, -2 * kPi * hz * shift / rate);
        const auto formula = (1 - mix) + mix * back / (1.0 - feedback * back);
        worst = std::max(worst, std::abs(response(out, hz, rate) - formula));
      }
      CHECK(db(worst) < -120);  // rounding to floats
      if (seed == 1)
        for (int k = 0; k < 5; ++k) CHECK(db(std::abs(response(out, (k + 0.5) * rate / shift, rate))) < -120);
    }
  }
}

TEST_CASE("the double swings around time at the rate, as deep as it is told, lane after lane") {
  double worst = -400;
  for (const double rate : kRates) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      CAPTURE(rate);
      CAPTURE(seed);
      std::mt19937_64 random(seed);
      std::uniform_real_distribution<double> part(0, 1);
      const unsigned lanes = 1 + static_cast<unsigned>(seed % 3);
      const auto any = [&](double least, double most) {
        return static_cast<double>(static_cast<float>(least + (most - least) * part(random)));
      };
      const double swings = any(0.1, 8), depth = any(0, 0.9), spread = any(0, 1), time = any(0.002, 0.03);
      const auto frames = static_cast<Frames>(rate);
      const double hz = 500;
      Sound in = sine_wave(hz, rate, frames);
      in.resize(lanes, in[0]);
      const auto out = Rig{
          .kind = "chorus",
          .rate = rate,
          .params = {{"rate", swings}, {"depth", depth}, {"spread", spread}, {"time", time}, {"mix", 1.0}},
          .in = {in}}.run(frames, {.seed = seed})[0];
      REQUIRE(out.size() == lanes);
      Sound expected = out;
      for (unsigned lane = 0; lane < lanes; ++lane) {
        for (auto i = static_cast<std::size_t>(0.07 * rate); i < out[lane].size(); ++i) {
          const double now = static_cast<double>(i) / rate;
          const double turn = swings * now + spread * lane / lanes;
          const double ago = time * (1 + depth * std::sin(2 * kPi * turn));
          expected[lane][i] = static_cast<float>(std::sin(2 * kPi * hz * (now - ago)));
        }
      }
      const double difference = difference_db(out, expected);
      CHECK(difference < -90);  // at 500 Hz 30 ms in floats are -93 dB; the cubic's own error is -101 dB
      worst = std::max(worst, difference);
    }
  }
  MESSAGE("worst difference from the formula: ", worst, " dB");
}

TEST_CASE("a changed time or depth of a chorus glides") {
  const Frames frames = 48000;
  for (const bool deep : {false, true}) {
    CAPTURE(deep);
    // Where the phase stands at a quarter cycle, depth adds to the delay: a glide of its own.
    Lane changed(static_cast<std::size_t>(frames), deep ? 0.1F : 0.02F);
    std::fill(changed.begin() + 10000, changed.end(), deep ? 0.6F : 0.03F);
    Rig rig{.kind = "chorus", .params = {{"rate", 0.0}, {"mix", 1.0}}, .in = {sine_wave(300, 48000, frames)}};
    rig.params["depth"] = deep ? std::variant<double, Sound>(Sound{changed}) : 0.0;
    rig.params["time"] = deep ? std::variant<double, Sound>(0.02) : Sound{changed};
    if (deep) {  // the second of two lanes stands half of a half cycle on
      rig.params["spread"] = 0.5;
      rig.in[0].push_back(rig.in[0][0]);
    }
    const auto all = rig.run(frames, {.seed = 2})[0];
    const Lane& out = all.back();
    Lane expected = out;
    for (std::size_t i = 3000; i < out.size(); ++i) {
      const double left = i < 10000 ? 1 : std::exp(-static_cast<double>(i - 9999) / (0.05 * 48000));
      const double from = deep ? 0.02 * 1.1 : 0.02, to = deep ? 0.02 * 1.6 : 0.03;
      const double ago = to + (from - to) * left;
      expected[i] = static_cast<float>(std::sin(2 * kPi * 300 * (static_cast<double>(i) / 48000 - ago)));
    }
    CHECK(difference_db({out}, {expected}) < -80);
  }
}

TEST_CASE("bits of a chorus do not depend on the split, and its lanes are nodes of their own") {
  const Frames frames = 5000;
  const Rig rig = moving(3, frames);
  const auto expected = rig.run(frames)[0];
  for (const Split split : splits()) CHECK(identical(rig.run(frames, split)[0], expected));
  Rig together = rig;
  together.params["spread"] = 0.0;
  const auto alike = together.run(frames)[0];
  for (std::size_t lane = 0; lane < 3; ++lane) {
    Rig alone = rig;  // with any spread: one lane has nothing to be apart from
    alone.in = {{rig.in[0][lane]}};
    CHECK(identical(alone.run(frames)[0], {alike[lane]}));
  }
  CHECK(difference_db({expected[1]}, {alike[1]}) > -40);
}

TEST_CASE("a chorus of the most feedback stays bounded") {
  for (const double feedback : {-0.99, 0.99}) {
    CAPTURE(feedback);
    Rig rig = moving(1, 96000);
    rig.params["feedback"] = feedback;
    CHECK(peak(rig.run(96000)[0][0]) < 100);  // 1/(1 - 0.99)
  }
}
