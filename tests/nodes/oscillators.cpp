// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// saw, square, triangle and pulse, against their Fourier series and their naive forms in double precision.

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "support/rig.h"
#include "support/spectrum.h"

using namespace perigee;
using namespace perigee::test;

namespace {

constexpr double kPi = std::numbers::pi;
constexpr int kLength = 16384, kLobe = 4;  // of a spectrum in frames, of its window in bins
constexpr double kRates[] = {44100, 48000, 96000, 192000};
constexpr const char* kKinds[] = {"saw", "square", "triangle", "pulse"};

double fraction(double x) { return x - std::floor(x); }

/// The waveform before band-limiting, and the nearest edges' distance in cycles.
struct Naive {
  double value, distance;
};

Naive naive(const std::string& kind, double cycles, double width) {
  const double p = fraction(cycles);
  const auto apart = [&](double edge) { return std::abs(p - edge - std::round(p - edge)); };
  if (kind == "saw") return {2 * p - 1, apart(0)};
  if (kind == "triangle")
    return {1 - 4 * std::abs(fraction(p + 0.25) - 0.5), std::min(apart(0.25), apart(0.75))};
  if (kind == "square") width = 0.5;
  return {p < width ? 1.0 : -1.0, std::min(apart(0), apart(width))};
}

/// Amplitude of harmonic k.
double harmonic(const std::string& kind, int k, double width) {
  if (kind == "saw") return 2 / (kPi * k);
  if (kind == "square") width = 0.5;
  if (kind == "triangle") return k % 2 == 0 ? 0 : 8 / (kPi * kPi * k * k);
  return 4 / (kPi * k) * std::abs(std::sin(kPi * k * width));
}

Rig oscillator(const std::string& kind, double rate, double hz, double width) {
  Rig rig{.kind = kind, .rate = rate, .params = {{"hz", hz}}};
  if (kind == "pulse") rig.params["width"] = width;
  return rig;
}

struct Figures {
  double alias = -400;  ///< the greatest that is no harmonic, relative to the fundamental, dB
  double harmonic = 0;  ///< the greatest deviation of a harmonic, dB
};

/// Below 15 kHz, where a cycle fits `bin` times into kLength frames. An odd bin: aliases spread over all
/// bins.
Figures measure(const std::string& kind, double rate, int bin, double width, double direction = 1) {
  const double hz = bin * rate / kLength;
  const auto bins = spectrum(oscillator(kind, rate, direction * hz, width).run(kLength)[0][0]);
  const double fundamental = harmonic(kind, 1, width);
  Figures figures;
  for (int i = kLobe; i * rate / kLength < 15000; ++i) {
    const int nearest = (i + bin / 2) / bin;
    const bool in_lobe = nearest > 0 && std::abs(i - nearest * bin) <= kLobe;
    const double ideal = nearest > 0 ? harmonic(kind, nearest, width) : 0;
    const double level = bins[static_cast<std::size_t>(i)];
    if (!in_lobe || ideal < 1e-9) figures.alias = std::max(figures.alias, db(level / fundamental));
    // A harmonic as weak as the aliases may be has no level of its own.
    if (i == nearest * bin && ideal > 0.01 * fundamental)
      figures.harmonic = std::max(figures.harmonic, std::abs(db(level / ideal)));
  }
  return figures;
}

}  // namespace

TEST_CASE("below 15 kHz are the harmonics of the ideal waveform, and no aliases") {
  std::uint64_t seed = 20261121;
  for (const double rate : kRates) {
    for (const std::string kind : kKinds) {
      CAPTURE(rate);
      CAPTURE(kind);
      // About 4.04 kHz: there the first aliases fall between the harmonics at each rate.
      const Figures high = measure(kind, rate, static_cast<int>(4040 * kLength / rate) | 1, 0.3);
      CHECK(high.alias < -70);     // −73.7 is what the kernel's design says of a saw
      CHECK(high.harmonic < 0.3);  // 0.25 by design, and the window's lobes

      CAPTURE(++seed);
      std::mt19937_64 random(seed);
      std::uniform_real_distribution<double> part;
      for (int i = 0; i < 8; ++i) {
        const double hz = 200 * std::pow(50, part(random)), width = 0.1 + 0.8 * part(random);  // to 10 kHz
        CAPTURE(hz);
        CAPTURE(width);
        const Figures any =
            measure(kind, rate, static_cast<int>(hz * kLength / rate) | 1, width, i % 2 == 0 ? 1 : -1);
        CHECK(any.alias < -60);
        CHECK(any.harmonic < 0.5);
      }
    }
  }
}

TEST_CASE("away from its edges the wave is the naive one: at any pitch, backwards, standing") {
  const std::uint64_t seed = 7;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> part;
  for (const double rate : kRates) {
    for (const std::string kind : kKinds) {
      for (int i = 0; i < 12; ++i) {
        double hz = std::pow(10, -4 + 7.5 * part(random)) * (i % 2 == 0 ? 1 : -1);  // 0.1 mHz … 3 kHz
        if (i == 4) hz = 0;
        hz = static_cast<float>(hz);
        const float phase = static_cast<float>(8 * part(random) - 4),
                    width = static_cast<float>(part(random));
        CAPTURE(rate);
        CAPTURE(kind);
        CAPTURE(hz);
        CAPTURE(phase);
        CAPTURE(width);
        Rig rig = oscillator(kind, rate, hz, width);
        rig.params["phase"] = phase;
        const Lane out = rig.run(5000, {.seed = random()})[0][0];
        double most = 0, peak = 0, compared = 0;
        for (int frame = 0; frame < 5000; ++frame) {
          const Naive ideal = naive(kind, phase + hz * frame / rate, width);
          const double sample = out[static_cast<std::size_t>(frame)];
          peak = std::max(peak, std::abs(sample));
          if (ideal.distance <= 4 * std::abs(hz) / rate + 1e-6) continue;
          most = std::max(most, std::abs(sample - ideal.value));
          ++compared;
        }
        CHECK(most < 2e-6);  // −114 dB: float rounding of polynomials that end at ½ and 2
        CHECK(peak < 1.25);  // Gibbs, twice in a narrow pulse
        if (std::abs(hz) < 1000) CHECK(compared > 0);
      }
    }
  }
}

TEST_CASE("the mean is 0, a pulse's 2·width − 1") {
  for (const std::string kind : kKinds) {
    for (const int bin : {1, 37, 1381, 3001, 7001}) {  // to 20.5 kHz
      CAPTURE(kind);
      CAPTURE(bin);
      const Lane out = oscillator(kind, 48000, bin * 48000.0 / kLength, 0.3).run(kLength)[0][0];
      double sum = 0;
      for (const float sample : out) sum += sample;
      CHECK(std::abs(sum / kLength - (kind == "pulse" ? -0.4 : 0)) < 1e-6);
    }
  }
}

TEST_CASE("pitch swept through zero at audio rate stays bounded, and follows the phase") {
  constexpr Frames kFrames = 20000;
  const Sound hz = sine_wave(220, 48000, kFrames, 3000);
  for (const std::string kind : kKinds) {
    CAPTURE(kind);
    Rig rig = oscillator(kind, 48000, 0, 0.5);
    rig.params["hz"] = hz;
    const Lane out = rig.run(kFrames)[0][0];
    double cycles = 0, most = 0;
    for (std::size_t i = 0; i < kFrames; ++i) {
      const double step = std::abs(static_cast<double>(hz[0][i])) / 48000;
      const Naive ideal = naive(kind, cycles, 0.5);
      if (ideal.distance > 4 * step + 1e-6) most = std::max(most, std::abs(out[i] - ideal.value));
      cycles += static_cast<double>(hz[0][i]) / 48000;
    }
    CHECK(most < 2e-6);
    CHECK(peak(out) < 1.25);
  }
}

TEST_CASE("pitch is within 0.001 cent over ten minutes") {
  // The fundamental's phase in 8192 frames, windowed; the last ones end after `seconds`.
  const auto phase_error = [](const std::string& kind, double rate, double hz, double seconds) {
    const auto frames = static_cast<Frames>(seconds * rate);
    Lane last = oscillator(kind, rate, hz, 0.3).tail(frames, 8192)[0][0];
    for (std::size_t i = 0; i < last.size(); ++i)
      last[i] *= static_cast<float>(std::pow(std::sin(kPi * (static_cast<double>(i) + 0.5) / 8192), 4));
    return fraction(std::arg(response(last, hz, rate)) / (2 * kPi) -
                    hz * static_cast<double>(frames - 8192) / rate);
  };
  const double hz = 1234.5;
  for (int i = 0; i < 4; ++i) {
    const double rate = kRates[i];
    CAPTURE(rate);
    const std::string kind = kKinds[i];
    CAPTURE(kind);
    const double start = phase_error(kind, rate, hz, 0.3);
    for (const double seconds : {6.0, 60.0, 600.0}) {  // so close that no whole cycle slips between
      CAPTURE(seconds);
      const double drift = phase_error(kind, rate, hz, seconds) - start;
      const double cents = 1200 * std::log2(1 + std::abs(drift - std::round(drift)) / (hz * (seconds - 0.3)));
      CHECK(cents < 1e-5);
    }
  }
}
