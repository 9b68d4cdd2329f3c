// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "dsp/pink.h"
#include "node/registry.h"
#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kRates[] = {44100, 48000, 96000, 192000};

Rig noise(const std::string& color, double seed = 1, double lanes = 1, double rate = 48000) {
  return {.kind = "noise", .rate = rate, .fixed = {{"color", color}, {"seed", seed}, {"lanes", lanes}}};
}

double correlation(const Lane& a, const Lane& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

/// Power in each bin of spectra of 2^16 frames, averaged.
std::vector<double> power(const Lane& lane) {
  constexpr std::size_t kLength = 1 << 16;
  std::vector<double> sum(kLength / 2 + 1);
  for (std::size_t at = 0; at + kLength <= lane.size(); at += kLength) {
    const auto from = lane.begin() + static_cast<std::ptrdiff_t>(at);
    const auto bins = spectrum(Lane(from, from + kLength));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += bins[i] * bins[i];
  }
  return sum;
}

double mean(const std::vector<double>& x, double from, double to) {
  double sum = 0;
  const auto first = static_cast<std::size_t>(std::ceil(from)),
             last = static_cast<std::size_t>(std::ceil(to));
  for (std::size_t i = first; i < last; ++i) sum += x[i];
  return sum / static_cast<double>(last - first);
}

/// A node built for a place in a patch, as no Rig does.
Lane at_ordinal(std::uint64_t ordinal, int frames) {
  const std::vector<Value> fixed = {std::string("white"), 0.0, 1.0};
  const auto node = find_kind("noise")->make({.fixed = fixed, .ordinal = ordinal});
  Lane lane(static_cast<std::size_t>(frames));
  for (int at = 0; at < frames; at += kChunk) {
    const Output out[] = {{lane.data() + at, 1, kChunk}};
    node->process({.frames = std::min(kChunk, frames - at), .out = out});
  }
  return lane;
}

}  // namespace

TEST_CASE(
    "the same seed gives the same noise, at any rate; another seed, lane or place in the patch another") {
  constexpr Frames kFrames = 1 << 16;
  // Of independent streams the correlation is normal with a deviation of 1/√frames; five of these in 3·10^6
  // pairs.
  const double limit = 5 / std::sqrt(kFrames);
  for (const std::string color : {"white", "pink"}) {
    for (const double rate : kRates)
      CHECK(identical(noise(color, 9, 3, rate).run(kFrames, {.seed = 1})[0],
                      noise(color, 9, 3).run(kFrames)[0]));
    // Fewer lanes are the first of more.
    const Sound many = noise(color, 9, 8).run(kFrames)[0];
    CHECK(identical({many[0], many[1]}, noise(color, 9, 2).run(kFrames)[0]));
  }
  std::vector<Lane> streams = noise("white", 1, 16).run(kFrames)[0];
  for (const double seed : {2.0, 3.0, 0x1p53}) streams.push_back(noise("white", seed).run(kFrames)[0][0]);
  for (const std::uint64_t ordinal : {0, 1, 2, 3, 1000}) streams.push_back(at_ordinal(ordinal, kFrames));
  for (std::size_t a = 0; a < streams.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(std::abs(correlation(streams[a], streams[b])) < limit);
      // Nor is one the other, a frame late.
      CHECK(std::abs(correlation({streams[a].begin() + 1, streams[a].end()}, streams[b])) < limit);
    }
  }
  CHECK(identical({at_ordinal(5, 100)}, {at_ordinal(5, 100)}));
}

TEST_CASE("reset is a fresh start") {
  const std::vector<Value> fixed = {std::string("pink"), 4.0, 1.0};
  const auto node = find_kind("noise")->make({.fixed = fixed});
  Lane first(kChunk), again(kChunk);
  const Output out[] = {{first.data(), 1, kChunk}}, later[] = {{again.data(), 1, kChunk}};
  node->process({.frames = kChunk, .out = out});
  node->reset();
  node->process({.frames = kChunk, .out = later});
  CHECK(identical({first}, {again}));
}

TEST_CASE("white noise is evenly spread over -1 to 1, and flat") {
  const Lane white = noise("white").run(1 << 21)[0][0];
  std::vector<int> counts(16);
  for (const float sample : white) {
    REQUIRE(std::abs(sample) <= 1);
    ++counts[static_cast<std::size_t>(std::min(15.0, (static_cast<double>(sample) + 1) * 8))];
  }
  for (const int count : counts) CHECK(std::abs(count - (1 << 17)) < 5 * std::sqrt(1 << 17));
  const auto bins = power(white);
  const double all = mean(bins, 1, 32768);
  // 32 spectra of 1024 bins: a band's power deviates by 0.035 dB or so.
  for (int band = 0; band < 32; ++band) {
    CAPTURE(band);
    CHECK(std::abs(db(mean(bins, std::max(1, band * 1024), band * 1024 + 1024) / all) / 2) < 0.3);
  }
}

TEST_CASE("the pink filter is 1/√f within 0.1 dB from 20 Hz to 20 kHz, with one level at all rates") {
  dsp::Pink pink;
  Lane impulse_response(100000);
  for (std::size_t i = 0; i < impulse_response.size(); ++i)
    impulse_response[i] = pink.next(i == 0 ? 1.F : 0.F);
  for (const double rate : kRates) {
    for (double hz = 20; hz < 20001; hz *= std::pow(10, 0.1)) {
      CAPTURE(rate);
      CAPTURE(hz);
      // Noise of −1 … 1 has a density of 2/3 / rate; −26 dB an octave is 10^−2.6 / (ln 2 · f).
      const double density = std::norm(response(impulse_response, hz, rate)) * 2 / (3 * rate);
      CHECK(std::abs(10 * std::log10(density * std::numbers::ln2 * hz) + 26) < 0.1);
    }
  }
}

TEST_CASE("pink noise falls by 3.01 dB an octave from 20 Hz to 20 kHz") {
  const Lane pink = noise("pink").run(1 << 22)[0][0];  // the same at all rates, as shown above
  const auto bins = power(pink);
  for (const double rate : kRates) {
    CAPTURE(rate);
    // Each octave's power above that of 1/f, dB; a straight line through all ten.
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0, before = 0, deviation_before = 0;
    for (int octave = 0; octave < 10; ++octave) {
      const double from = 20 * std::exp2(octave) * 65536 / rate,
                   to = std::min(2 * from, 20000 * 65536 / rate);
      double measured = 0, ideal = 0;
      for (double i = std::ceil(from); i < to; ++i) {
        measured += bins[static_cast<std::size_t>(i)];
        ideal += 1 / i;
      }
      const double above = 10 * std::log10(measured / ideal);
      // 64 spectra; the window makes two bins of one.
      const double deviation = 4.34 * std::sqrt(2 / (64 * (to - from)));
      CAPTURE(octave);
      if (octave > 0) CHECK(std::abs(above - before) < 0.3 + 3 * std::hypot(deviation, deviation_before));
      before = above;
      deviation_before = deviation;
      sum_x += octave, sum_y += above, sum_xx += octave * octave, sum_xy += octave * above;
    }
    const double slope = -3.0103 + (10 * sum_xy - sum_x * sum_y) / (10 * sum_xx - sum_x * sum_x);
    CAPTURE(slope);
    CHECK(std::abs(slope + 3.0103) < 0.1);
  }
}
