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
constexpr double kRates[] = {44100, 48000, 96000, 192000};
constexpr const char* kKinds[] = {"saw", "square", "triangle", "pulse"};

double fraction(double x) { return x - std::floor(x); }

/// The waveform before band-limiting, and the nearest edges' distance in cycles.
struct Naive {
  double value, distance;
};

[[maybe_unused]] Naive naive(const std::string& kind, double cycles, double width) {
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

/// Below 15 kHz, where a cycle fits `bin` times into 16384 frames. An odd bin: aliases spread over all bins.
Figures measure(const std::string& kind, double rate, int bin, double width) {
  constexpr int kLength = 16384, kLobe = 4;  // of the window, bins
  const double hz = bin * rate / kLength;
  const auto bins = spectrum(oscillator(kind, rate, hz, width).run(kLength)[0][0]);
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
  for (const double rate : kRates) {
    for (const std::string kind : kKinds) {
      CAPTURE(rate);
      CAPTURE(kind);
      // About 4.04 kHz: the first aliases fall between the harmonics at each rate.
      const int bin = static_cast<int>(4040 * 16384 / rate) | 1;
      const Figures at_4k = measure(kind, rate, bin, 0.3);
      MESSAGE(kind << " " << rate << ": " << at_4k.alias << " " << at_4k.harmonic);
      CHECK(at_4k.alias < -60);
      CHECK(at_4k.harmonic < 0.5);

      const std::uint64_t seed = 20261121;
      std::mt19937_64 random(seed);
      for (int i = 0; i < 8; ++i) {
        const double hz =
            200 * std::pow(50.0, std::uniform_real_distribution<double>()(random));  // to 10 kHz
        const double width = 0.1 + 0.8 * std::uniform_real_distribution<double>()(random);
        CAPTURE(seed);
        CAPTURE(hz);
        CAPTURE(width);
        const Figures figures = measure(kind, rate, static_cast<int>(hz * 16384 / rate) | 1, width);
        MESSAGE(hz << " " << figures.alias << " " << figures.harmonic);
        CHECK(figures.alias < -60);
        CHECK(figures.harmonic < 0.5);
      }
    }
  }
}
