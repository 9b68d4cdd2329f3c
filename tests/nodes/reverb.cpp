// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>
#include <random>
#include <utility>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr std::array kRates = {44100.0, 48000.0, 96000.0, 192000.0};

double seconds_of(double size) { return 0.2 * std::pow(50, size); }

/// The reverberation alone of an impulse in one of so many lanes.
Sound tail(double size, double damping, double seconds, unsigned lanes = 1, double rate = 48000,
           unsigned from = 0) {
  const auto frames = static_cast<Frames>(seconds * rate);
  Sound in = silence(lanes, frames);
  in[from][0] = 1;
  return Rig{.kind = "reverb",
             .rate = rate,
             .params = {{"size", size}, {"damping", damping}, {"predelay", 0.0}, {"mix", 1.0}},
             .in = {in}}
      .run(frames, {.seed = 1})[0];
}

double energy(const Lane& lane, std::size_t from = 0, std::size_t to = SIZE_MAX) {
  double sum = 0;
  for (std::size_t i = from; i < std::min(to, lane.size()); ++i)
    sum += static_cast<double>(lane[i]) * lane[i];
  return sum;
}

double correlation(const Lane& a, const Lane& b, std::size_t late) {
  double sum = 0;
  for (std::size_t i = late; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i - late];
  return sum / std::sqrt(energy(a) * energy(b));
}

/// Seconds in which a response falls by 60 dB: M. R. Schroeder, "New method of measuring reverberation time",
/// 1965; the straight line of least squares through −5 … −35 dB, as ISO 3382 has it. Of several
/// lanes, that of their sum.
double rt60(const Sound& response, double rate) {
  std::vector<double> left(response[0].size());
  double sum = 0;
  for (std::size_t i = left.size(); i-- > 0;) {
    for (const auto& lane : response) sum += static_cast<double>(lane[i]) * lane[i];
    left[i] = sum;
  }
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double t = static_cast<double>(i) / rate, level = 10 * std::log10(left[i] / sum + 1e-30);
    if (level > -5 || level < -35) continue;
    ++n, x += t, y += level, xx += t * t, xy += t * level;
  }
  return -60 * (n * xx - x * x) / (n * xy - x * y);
}

/// A band-pass of fourth order, run backwards in time so that its own ringing is not taken for the room's: F.
/// Jacobsen, J. H. Rindel, "Time reversed decay measurements", 1987.
Sound band(Sound sound, double hz, double q, double rate) {
  const double w = 2 * std::numbers::pi * hz / rate, alpha = std::sin(w) / (2 * q);  // RBJ's cookbook
  for (auto& lane : sound) {
    for (int pass = 0; pass < 2; ++pass) {
      double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
      for (auto at = lane.rbegin(); at != lane.rend(); ++at) {
        const double y = (alpha * (*at - x2) + 2 * std::cos(w) * y1 - (1 - alpha) * y2) / (1 + alpha);
        x2 = std::exchange(x1, *at);
        y2 = std::exchange(y1, y);
        *at = static_cast<float>(y);
      }
    }
  }
  return sound;
}

}  // namespace

TEST_CASE("undamped, the tail falls by 60 dB in 0.2 s · 50^size") {
  double worst = 0;
  for (const double rate : kRates) {
    for (const double size : {0.0, 0.1, 0.3, 0.5, 0.8, 1.0}) {
      if (rate > 48000 && size > 0.8) continue;  // long
      CAPTURE(rate);
      CAPTURE(size);
      const double seconds = seconds_of(size);
      const double off = rt60(tail(size, 0, 1.2 * seconds + 0.1, 1, rate), rate) / seconds - 1;
      CHECK(std::abs(off) < 0.05);
      worst = std::max(worst, std::abs(off));
    }
  }
  MESSAGE("farthest off: ", 100 * worst, " %");
}

TEST_CASE("damped, it does so around 500 Hz, and at 8 kHz in 4^-damping of the time") {
  double worst_low = 0, worst_high = 0;
  for (const double rate : kRates) {
    for (const auto& [size, damping] :
         {std::pair{0.0, 0.3}, {0.25, 0.1}, {0.25, 0.5}, {0.5, 0.3}, {0.5, 1.0}, {0.7, 0.7}}) {
      if (rate > 48000 && size > 0.5) continue;  // long
      CAPTURE(rate);
      CAPTURE(size);
      CAPTURE(damping);
      const double seconds = seconds_of(size);
      const Sound response = tail(size, damping, 0.9 * seconds + 0.1, 8, rate);  // lanes: chance averages out
      // 250 … 1000 Hz
      const double low = rt60(band(response, 500, 0.667, rate), rate) / seconds - 1;
      const double high = rt60(band(response, 8000, 8, rate), rate) / (seconds * std::pow(4, -damping)) - 1;
      CHECK(std::abs(low) < 0.05);
      CHECK(std::abs(high) < 0.05);
      worst_low = std::max(worst_low, std::abs(low));
      worst_high = std::max(worst_high, std::abs(high));
    }
  }
  MESSAGE("farthest off: ", 100 * worst_low, " % around 500 Hz, ", 100 * worst_high, " % at 8 kHz");
}

TEST_CASE("energy falls from window to window") {
  for (const double damping : {0.0, 0.3, 1.0}) {
    for (const double size : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      CAPTURE(damping);
      CAPTURE(size);
      const double seconds = seconds_of(size);
      const Lane response = tail(size, damping, 1.2 * seconds)[0];
      const auto window = static_cast<std::size_t>(48000 * std::max(0.05, seconds / 12));
      double rise = -400;
      for (std::size_t at = window; at + window <= response.size(); at += window) {
        const double before = energy(response, at - window, at);
        if (before < 1e-12) break;
        rise = std::max(rise, 10 * std::log10(energy(response, at, at + window) / before));
      }
      CHECK(rise < 0);
    }
  }
}

/// A mode that is a peak from one place to another is chance: a diffuse field's spectrum is Rayleigh's, and
/// out of thousands of bins some are 9 dB above the mean. A metallic one is a peak from everywhere to
/// everywhere. So the powers of all 256 pairs of lanes are added up, which leaves the modes' own strength,
/// and the mean is taken over a third of an octave around each bin. Bins are 2.9 Hz wide, about as near as
/// the ear tells pitches of a tail apart. One size stands for all: undamped, they differ in nothing but the
/// slope, which is levelled.
TEST_CASE("no mode stands out of the late tail") {
  constexpr std::size_t n = 1 << 15;
  constexpr unsigned lanes = 16;
  constexpr auto bin = [](double hz) { return static_cast<std::size_t>(hz * n / 48000); };
  const double seconds = seconds_of(0.5);
  const auto start = static_cast<Frames>(24000 * seconds);  // −30 dB
  Lane level(n);
  for (std::size_t i = 0; i < n; ++i)
    level[i] = static_cast<float>(std::pow(10, 3 * static_cast<double>(i) / 48000 / seconds));
  std::vector<double> power(n / 2 + 1);
  for (unsigned from = 0; from < lanes; ++from) {
    for (const auto& lane : tail(0.5, 0, 0.5 * seconds + n / 48000.0 + 0.01, lanes, 48000, from)) {
      Lane late(n);
      std::transform(level.begin(), level.end(), lane.begin() + start, late.begin(), std::multiplies());
      const auto amplitude = spectrum(late);
      for (std::size_t k = 0; k < power.size(); ++k) power[k] += amplitude[k] * amplitude[k];
    }
  }
  double highest = 0;
  for (std::size_t k = bin(50); k < bin(20000); ++k) {
    const auto low = static_cast<Frames>(static_cast<double>(k) * std::exp2(-1 / 6.0));
    const auto high = static_cast<Frames>(static_cast<double>(k) * std::exp2(1 / 6.0)) + 1;
    const double sum = std::accumulate(power.begin() + low, power.begin() + high, 0.0);
    highest = std::max(highest, power[k] * static_cast<double>(high - low) / sum);
  }
  MESSAGE("highest: ", db(std::sqrt(highest)), " dB over the mean");
  CHECK(db(std::sqrt(highest)) < 6);
}

/// J. S. Abel, P. Huang, "A simple, robust measure of reverberation echo density", 2006: the part of a
/// window's frames beyond one standard deviation, over that of Gauss's noise: 0 is single echoes, 1 a dense
/// tail.
TEST_CASE("echoes are dense soon") {
  const Lane response = tail(0.5, 0, 0.5)[0];
  std::vector<double> density;
  std::vector<Frames> echoes;
  for (std::size_t at = 0; at + 960 <= response.size(); at += 960) {  // 20 ms
    const double deviation = std::sqrt(energy(response, at, at + 960) / 960);
    const Lane window(response.begin() + static_cast<Frames>(at),
                      response.begin() + static_cast<Frames>(at) + 960);
    const auto beyond = std::ranges::count_if(window, [&](float x) { return std::abs(x) > deviation; });
    density.push_back(static_cast<double>(beyond) / 960 / 0.3173);
    echoes.push_back(std::ranges::count_if(window, [](float x) { return x != 0; }));
  }
  MESSAGE("echoes in the first windows of 20 ms: ", echoes[0], ", ", echoes[1], ", ", echoes[2], ", ",
          echoes[3]);
  MESSAGE("density at 50 ms: ", density[2], ", at 110 ms: ", density[5]);
  CHECK(echoes[0] >= 16);
  CHECK(echoes[1] > 80);
  CHECK(echoes[3] > 600);
  CHECK(density[2] > 0.6);
  for (std::size_t i = 5; i < density.size(); ++i) CHECK(density[i] > 0.85);
}

TEST_CASE("noise comes out as loud as it goes in") {
  for (const unsigned lanes : {1U, 2U, 5U}) {
    for (const double size : {0.0, 0.5, 0.8}) {
      CAPTURE(lanes);
      CAPTURE(size);
      const Frames frames = 480000;
      const auto out = Rig{.kind = "reverb",
                           .params = {{"size", size}, {"damping", 0.0}, {"mix", 1.0}},
                           .in = {white_noise(lanes, frames, 3)}}
                           .run(frames)[0];
      for (const auto& lane : out) {
        const double level = 10 * std::log10(energy(lane, 240000) / 240000 * 3);
        CHECK(std::abs(level) < 1);
      }
    }
  }
}

TEST_CASE("lanes are alike in energy and decorrelated, whichever the sound comes from") {
  double worst = 0, spread = 0;
  for (const unsigned lanes : {2U, 16U}) {
    for (const double size : {0.25, 0.6}) {
      for (const double damping : {0.0, 0.5}) {
        CAPTURE(lanes);
        CAPTURE(size);
        CAPTURE(damping);
        const Sound response = tail(size, damping, seconds_of(size), lanes);
        double least = 1e9, most = 0;
        for (unsigned a = 0; a < lanes; ++a) {
          least = std::min(least, energy(response[a]));
          most = std::max(most, energy(response[a]));
          for (unsigned b = 0; b < lanes; ++b) {
            if (a == b) continue;
            for (std::size_t late = 0; late <= (lanes == 2 ? 48 : 0); ++late) {  // 1 ms: between two ears
              const double c = std::abs(correlation(response[a], response[b], late));
              worst = std::max(worst, c);
              CHECK(c < 0.3);
            }
          }
        }
        spread = std::max(spread, 10 * std::log10(most / least));
        CHECK(most / least < std::pow(10, 0.1));
      }
    }
  }
  MESSAGE("most correlated: ", worst, "; energies within ", spread, " dB");
}

TEST_CASE("the first echo comes at the predelay, and mix 0 is the signal to the bit") {
  for (const double rate : kRates) {
    for (const Frames predelay : {0, 1, 2, 77, 5000}) {
      CAPTURE(rate);
      CAPTURE(predelay);
      Rig rig{.kind = "reverb",
              .rate = rate,
              .params = {{"predelay", static_cast<double>(predelay) / rate}, {"mix", 1.0}},
              .in = {impulse(6000)}};
      const Lane out = rig.run(6000)[0][0];
      CHECK(std::ranges::find_if(out, [](float x) { return x != 0; }) - out.begin() == predelay);
      rig.params["mix"] = 0.0;
      CHECK(identical(rig.run(6000)[0], rig.in[0]));
    }
  }
}

TEST_CASE("full-scale noise for 20 s stays bounded, whatever moves") {
  const Frames frames = 20 * 48000;
  double worst = 0;
  const auto check = [&](const std::map<std::string, std::variant<double, Sound>>& params,
                         std::uint64_t seed) {
    Rig rig{.kind = "reverb", .params = params, .in = {white_noise(1, frames, seed)}};
    rig.params["mix"] = 1.0;
    const double most = peak(rig.run(frames)[0][0]);
    CHECK(most < 10);  // noise of −4.8 dB comes out as loud as it goes in: crests above 15 dB do not happen
    worst = std::max(worst, most);
  };
  for (const double size : {0.0, 1.0})
    for (const double damping : {0.0, 1.0}) check({{"size", size}, {"damping", damping}}, 1);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    std::mt19937_64 random(seed);
    const double speed = std::exp2(std::uniform_real_distribution<double>(-3, 13)(random));
    CAPTURE(seed);
    CAPTURE(speed);
    Sound size = sine_wave(speed, 48000, frames), damping = size;
    for (auto& x : size[0]) x = 0.5F + 0.5F * x;
    for (auto& x : damping[0]) x = x > 0 ? 1.F : 0.F;
    check({{"size", size}, {"damping", damping}}, seed);
  }
  MESSAGE("highest peak: ", worst);
}

/// All that comes out of 16 lanes is all that comes out of the lines. In a tenth of a second everything in
/// them, whose longest is 58 ms, came out.
TEST_CASE("moving the damping makes no energy") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Frames frames = 96000;
    Sound in = silence(16, frames), damping = silence(1, frames);
    in[0][0] = 1;
    for (Frames i = 0; i < frames;) {  // each value for some frames: a filter may keep, or give away twice
      const auto value = static_cast<float>(random() % 2);
      for (auto n = 1 + random() % (1U << seed); n > 0 && i < frames; --n)
        damping[0][static_cast<std::size_t>(i++)] = value;
    }
    const Sound out = Rig{
        .kind = "reverb",
        .params = {{"size", 1.0}, {"damping", damping}, {"predelay", 0.0}, {"mix", 1.0}},
        .in = {in}}.run(frames)[0];
    double before = 1e9;
    for (std::size_t at = 0; at < out[0].size(); at += 4800) {
      double now = 0;
      for (const auto& lane : out) now += energy(lane, at, at + 4800);
      CHECK(now < before);
      before = now;
    }
  }
}

TEST_CASE("one room has one size") {
  const Sound two = white_noise(2, 100, 1);
  CHECK_THROWS_WITH((Rig{.kind = "reverb", .params = {{"size", two}}, .in = {two}}.run(100)),
                    "size has 2 lanes, but one room serves all lanes: take one with [n]");
}
