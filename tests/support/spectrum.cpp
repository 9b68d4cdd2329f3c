// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/spectrum.h"

#include <cmath>
#include <numbers>
#include <stdexcept>

namespace perigee::test {

namespace {

/// In-place radix-2 FFT.
void transform(std::vector<std::complex<double>>& x) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1U;
    for (; (j & bit) != 0; bit >>= 1U) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t length = 2; length <= n; length <<= 1U) {
    const double angle = -2 * std::numbers::pi / static_cast<double>(length);
    for (std::size_t k = 0; k < length / 2; ++k) {
      const auto twiddle = std::polar(1.0, angle * static_cast<double>(k));
      for (std::size_t i = k; i < n; i += length) {
        const auto a = x[i];
        const auto b = x[i + length / 2] * twiddle;
        x[i] = a + b;
        x[i + length / 2] = a - b;
      }
    }
  }
}

}  // namespace

std::vector<double> spectrum(const Lane& lane) {
  const std::size_t n = lane.size();
  if (n == 0 || (n & (n - 1)) != 0) throw std::runtime_error("a spectrum wants a power of two");
  std::vector<std::complex<double>> x(n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    // F. J. Harris, "On the use of windows for harmonic analysis", 1978: 4-term, −92 dB.
    const double t = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(n);
    const double window =
        0.35875 - 0.48829 * std::cos(t) + 0.14128 * std::cos(2 * t) - 0.01168 * std::cos(3 * t);
    sum += window;
    x[i] = static_cast<double>(lane[i]) * window;
  }
  transform(x);
  std::vector<double> amplitude(n / 2 + 1);
  for (std::size_t i = 0; i < amplitude.size(); ++i) amplitude[i] = 2 * std::abs(x[i]) / sum;
  return amplitude;
}

std::complex<double> response(const Lane& impulse_response, double hz, double rate) {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < impulse_response.size(); ++i) {
    const double cycles = hz * static_cast<double>(i) / rate;
    sum += static_cast<double>(impulse_response[i]) *
           std::polar(1.0, -2 * std::numbers::pi * (cycles - std::floor(cycles)));
  }
  return sum;
}

double db(double amplitude) { return 20 * std::log10(std::max(amplitude, 1e-20)); }

}  // namespace perigee::test
