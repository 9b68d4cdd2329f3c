// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// lowpass highpass bandpass notch allpass peak lowshelf highshelf

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

using Complex = std::complex<double>;
constexpr double kPi = std::numbers::pi;

const std::vector<std::string> kKinds = {"lowpass", "highpass", "bandpass", "notch",
                                         "allpass", "peak",     "lowshelf", "highshelf"};
bool has_gain(const std::string& kind) { return kind == "peak" || kind.ends_with("shelf"); }

/// R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients", as printed.
struct Cookbook {
  double b0, b1, b2, a0, a1, a2;

  Cookbook(const std::string& kind, double cycles, double gain, double q) {
    const double w = 2 * kPi * cycles, c = std::cos(w), alpha = std::sin(w) / (2 * q);
    const double a = std::pow(10, gain / 40), beta = 2 * std::sqrt(a) * alpha;
    a0 = 1 + alpha, a1 = -2 * c, a2 = 1 - alpha;
    if (kind == "lowpass") b0 = (1 - c) / 2, b1 = 1 - c, b2 = (1 - c) / 2;
    if (kind == "highpass") b0 = (1 + c) / 2, b1 = -(1 + c), b2 = (1 + c) / 2;
    if (kind == "bandpass") b0 = alpha, b1 = 0, b2 = -alpha;
    if (kind == "notch") b0 = 1, b1 = -2 * c, b2 = 1;
    if (kind == "allpass") b0 = 1 - alpha, b1 = -2 * c, b2 = 1 + alpha;
    if (kind == "peak")
      b0 = 1 + alpha * a, b1 = -2 * c, b2 = 1 - alpha * a, a0 = 1 + alpha / a, a2 = 1 - alpha / a;
    if (kind == "lowshelf") {
      b0 = a * ((a + 1) - (a - 1) * c + beta), b1 = 2 * a * ((a - 1) - (a + 1) * c);
      b2 = a * ((a + 1) - (a - 1) * c - beta), a0 = (a + 1) + (a - 1) * c + beta;
      a1 = -2 * ((a - 1) + (a + 1) * c), a2 = (a + 1) + (a - 1) * c - beta;
    }
    if (kind == "highshelf") {
      b0 = a * ((a + 1) + (a - 1) * c + beta), b1 = -2 * a * ((a - 1) + (a + 1) * c);
      b2 = a * ((a + 1) + (a - 1) * c - beta), a0 = (a + 1) - (a - 1) * c + beta;
      a1 = 2 * ((a - 1) - (a + 1) * c), a2 = (a + 1) - (a - 1) * c - beta;
    }
  }
  Complex at(double cycles) const {
    const Complex z = std::polar(1.0, -2 * kPi * cycles);
    return (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2));
  }
  /// Frames until the slowest pole has decayed to −120 dB.
  Frames length() const {
    const Complex root = std::sqrt(Complex(a1 * a1 - 4 * a0 * a2));
    const double radius = std::max(std::abs(-a1 + root), std::abs(-a1 - root)) / (2 * a0);
    return 64 + static_cast<Frames>(std::log(1e-6) / std::log(radius));
  }
};

/// The transform at one frequency, with a turning pointer set right every 1024 frames: response() for long
/// ones.
Complex turn(const Lane& lane, double cycles) {
  const Complex step = std::polar(1.0, -2 * kPi * cycles);
  Complex sum = 0, pointer = 1;
  for (std::size_t i = 0; i < lane.size(); ++i) {
    if (i % 1024 == 0) pointer = std::polar(1.0, -2 * kPi * std::fmod(cycles * static_cast<double>(i), 1));
    sum += static_cast<double>(lane[i]) * pointer;
    pointer = {pointer.real() * step.real() - pointer.imag() * step.imag(),
               pointer.real() * step.imag() + pointer.imag() * step.real()};
  }
  return sum;
}

/// Simper's filter in double precision, with its tangent, solved frame by frame.
Lane reference(const std::string& kind, double rate, const Lane& in, const Lane& cutoff, double gain,
               double q) {
  double s1 = 0, s2 = 0;
  Lane out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    double g = std::tan(kPi * std::min(static_cast<double>(cutoff[i]), 0.49 * rate) / rate), k = 1 / q;
    const double a = std::pow(10, gain / 40);
    if (kind == "lowshelf") g /= std::sqrt(a);
    if (kind == "highshelf") g *= std::sqrt(a);
    if (kind == "peak") k /= a;
    const double high = (in[i] - (g + k) * s1 - s2) / (1 + g * (g + k)), band = s1 + g * high,
                 low = s2 + g * band;
    s1 = band + g * high;
    s2 = low + g * band;
    double y = 0;
    if (kind == "lowpass") y = low;
    if (kind == "highpass") y = high;
    if (kind == "bandpass") y = k * band;
    if (kind == "notch") y = high + low;
    if (kind == "allpass") y = high + low - k * band;
    if (kind == "peak") y = high + low + a * a * k * band;
    if (kind == "lowshelf") y = high + a * k * band + a * a * low;
    if (kind == "highshelf") y = a * a * high + a * k * band + low;
    out[i] = static_cast<float>(y);
  }
  return out;
}

Rig filter(const std::string& kind, double rate, double gain, double q) {
  Rig rig{.kind = kind, .rate = rate, .params = {{"q", q}}};
  if (has_gain(kind)) rig.params["gain"] = gain;
  return rig;
}

double random_between(std::mt19937_64& random, double least, double most) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

}  // namespace

TEST_CASE("the response is the cookbook's, magnitude and phase, 20 Hz to 0.45 of the rate") {
  // 0.05 dB is a factor of 0.00577; off by that much at a right angle is a phase of 0.33°. What the float
  // states round off is −120 dB under the greatest gain.
  double worst = 0;
  for (const std::string& kind : kKinds) {
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
      for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        std::mt19937_64 random(seed);
        const double q = seed == 1   ? 0.3
                         : seed == 2 ? 20
                                     : 0.3 * std::pow(20 / 0.3, random_between(random, 0, 1));
        const double gain = !has_gain(kind) ? 0
                            : seed == 1     ? -18
                            : seed == 2     ? 18
                                            : random_between(random, -18, 18);
        const double part = seed == 2 ? 1 : random_between(random, 0, 1);
        const double cutoff = static_cast<float>(0.45 * rate * std::pow(10 / (0.45 * rate), part));
        CAPTURE(kind);
        CAPTURE(rate);
        CAPTURE(cutoff);
        CAPTURE(q);
        CAPTURE(gain);
        const Cookbook cookbook(kind, cutoff / rate, gain, q);
        Rig rig = filter(kind, rate, gain, q);
        rig.params["cutoff"] = cutoff;
        const Frames frames = cookbook.length();
        rig.in = {impulse(frames)};
        const Lane out = rig.run(frames)[0][0];
        std::vector<double> places = {20, 0.45 * rate, cutoff};
        for (int i = 0; i < 5; ++i)
          places.push_back(20 * std::pow(0.45 * rate / 20, random_between(random, 0, 1)));
        for (int i = 0; i < 4; ++i) places.push_back(cutoff * (1 + random_between(random, -1, 1) / q));
        const double greatest = std::max(1.0, std::max(q, std::pow(10, gain / 20)));
        for (const double hz : places) {
          if (hz < 20 || hz > 0.45 * rate) continue;
          CAPTURE(hz);
          const Complex expected = cookbook.at(hz / rate), difference = turn(out, hz / rate) - expected;
          CHECK(std::abs(difference) <= 5.8e-4 * std::abs(expected) + 1e-6 * greatest);
          if (std::abs(expected) > 1e-3 * greatest) worst = std::max(worst, std::abs(difference / expected));
        }
      }
    }
  }
  MESSAGE("worst where the response is above −60 dB: ", db(1 + worst), " dB");
}

TEST_CASE("allpass has every level at 0 dB and a half turn at its cutoff") {
  for (const double q : {0.3, 0.7071, 5.0}) {
    CAPTURE(q);
    const Rig rig{.kind = "allpass", .params = {{"cutoff", 3000.0}, {"q", q}}, .in = {impulse(1 << 14)}};
    const Lane out = rig.run(1 << 14)[0][0];
    for (const double hz : {20.0, 700.0, 3000.0, 9000.0, 21600.0})
      CHECK(std::abs(db(std::abs(turn(out, hz / 48000)))) < 0.001);
    CHECK(std::abs(std::abs(std::arg(turn(out, 3000.0 / 48000))) - kPi) < 0.001);
  }
}

TEST_CASE("cutoff modulated at audio rate follows the equations, frame by frame") {
  double worst = -400;
  for (const std::string& kind : kKinds) {
    for (const double rate : {44100.0, 192000.0}) {
      for (const double q : {0.5, 20.0}) {
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
          CAPTURE(kind);
          CAPTURE(rate);
          CAPTURE(q);
          CAPTURE(seed);
          const Frames frames = 20000;
          const Sound in = white_noise(1, frames, seed);
          Sound cutoff = white_noise(1, frames, seed + 10);
          const Sound wave = sine_wave(seed == 1 ? 5000 : 37, rate, frames);
          // By a sine, with noise on it; or at rest, low.
          for (std::size_t i = 0; i < cutoff[0].size(); ++i) {
            const double octaves =
                4 * static_cast<double>(wave[0][i]) + 0.9 * static_cast<double>(cutoff[0][i]);
            cutoff[0][i] = seed == 3 ? 20 : static_cast<float>(640 * std::exp2(octaves));
          }
          Rig rig = filter(kind, rate, 12, q);
          rig.params["cutoff"] = cutoff;
          rig.in = {in};
          const auto out = rig.run(frames, {.seed = seed})[0];
          const Sound expected = {reference(kind, rate, in[0], cutoff[0], 12, q)};
          const double difference = difference_db(out, expected) - db(peak(expected[0]));
          CHECK(difference < -105);  // of the peak: what float states round off, at q 20 and 20 Hz of 192 kHz
          worst = std::max(worst, difference);
        }
      }
    }
  }
  MESSAGE("worst difference from double precision: ", worst, " dB of the peak");
}

TEST_CASE("swept from 20 Hz to 20 kHz at audio rate, noise stays bounded") {
  // By the energy argument in svf.h; as a number: a filter that stands still turns a sine of peak 1 into its
  // greatest gain, and no sweep, nor a cutoff drawn anew each frame, makes more than 4 times that of noise of
  // peak 1.
  double worst = 0;
  const Frames frames = 200000;
  const Sound in = white_noise(1, frames, 5);
  for (const std::string& kind : kKinds) {
    for (const double q : {0.7071, 20.0, 100.0}) {
      for (const bool jumps : {false, true}) {
        CAPTURE(kind);
        CAPTURE(q);
        CAPTURE(jumps);
        Sound cutoff = jumps ? white_noise(1, frames, 6) : sine_wave(3000, 48000, frames);
        for (auto& hz : cutoff[0]) hz = 632.5F * std::exp2(4.983F * hz);
        Rig rig = filter(kind, 48000, 18, q);
        rig.params["cutoff"] = cutoff;
        rig.in = {in};
        const Cookbook still(kind, 0.02, 18, q);
        double gain = 0;
        for (double cycles = 1e-4; cycles < 0.5; cycles *= 1.0005)
          gain = std::max(gain, std::abs(still.at(cycles)));
        const double most = peak(rig.run(frames)[0][0]) / gain;
        CHECK(most < 8);
        worst = std::max(worst, most);
      }
    }
  }
  MESSAGE("highest peak over greatest gain: ", worst);
}

TEST_CASE("what goes beyond a range stays at its end: no cutoff, q or gain makes a filter unstable") {
  const Frames frames = 20000;
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    Rig wild{.kind = kind, .in = {white_noise(1, frames, 1)}};
    for (const auto& param : find_kind(kind)->params)
      wild.params[std::string(param.name)] = white_noise(1, frames, 7, static_cast<float>(3 * param.max));
    Rig tame = wild;
    for (const auto& param : find_kind(kind)->params) {
      const double most = param.name == "cutoff" ? 0.49 * 48000 : param.max;
      for (auto& value : std::get<Sound>(tame.params.at(std::string(param.name)))[0])
        value = std::clamp(value, static_cast<float>(param.min), static_cast<float>(most));
    }
    const auto out = wild.run(frames)[0];
    CHECK(identical(out, tame.run(frames)[0]));
    CHECK(peak(out[0]) < 1e6);
  }
}

TEST_CASE("each lane has its own cutoff, and one input meets many") {
  const Frames frames = 4000;
  for (const std::string& kind : kKinds) {
    CAPTURE(kind);
    Sound cutoffs;
    for (const float hz : {50.F, 800.F, 7000.F}) cutoffs.emplace_back(frames, hz);
    const Rig wide{.kind = kind, .params = {{"cutoff", cutoffs}}, .in = {white_noise(1, frames, 3)}};
    CHECK(wide.lanes() == 3);
    const auto out = wide.run(frames)[0];
    for (unsigned lane = 0; lane < 3; ++lane) {
      Rig one = wide;
      one.params["cutoff"] = static_cast<double>(cutoffs[lane][0]);
      CHECK(identical({out[lane]}, one.run(frames)[0]));
    }
  }
}
