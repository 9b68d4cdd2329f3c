// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many signals become one. Sums are in double, 29 bits below the last one of a float, so that all that a
// result depends on is the order of the signals: they are added up in parts of kMixPart, and then the parts.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "dsp/frames.h"

namespace perigee::dsp {

inline constexpr std::size_t kMixPart = 64;

/// A signal, times one number after the other. Each product is rounded, as if a node had made it.
struct Product {
  const float* in = nullptr;
  std::span<const float> factors = {};
};

/// sum[i] = Σ in[i]·factors. False when a sum is not finite: then a product was not, or they are too many for
/// a double. Wait-free, any thread.
bool add_up(std::span<const Product> products, double* sum, int frames) noexcept;

/// The sum of all parts: part(i) is the i-th, a row of frames. Wait-free, any thread.
template <class Parts>
void total(std::size_t parts, const Parts& part, float* out, int frames) noexcept {
  alignas(64) double all[kChunk] = {};
  for (std::size_t p = 0; p < parts; ++p) {
    const double* const one = part(p);
    for (int i = 0; i < frames; ++i) all[i] += one[i];
  }
  for (int i = 0; i < frames; ++i) out[i] = static_cast<float>(all[i]);
}

/// Both, of any number of signals: signal(i) is the i-th, a row of frames. Wait-free, any thread.
template <class Signals>
void mix(std::size_t signals, const Signals& signal, float* out, int frames) noexcept {
  alignas(64) double sum[kChunk];
  const auto part = [&](std::size_t p) {
    Product some[kMixPart];
    const std::size_t first = p * kMixPart, count = std::min(kMixPart, signals - first);
    for (std::size_t i = 0; i < count; ++i) some[i].in = signal(first + i);
    add_up(std::span<const Product>(some, count), sum, frames);
    return static_cast<const double*>(sum);
  };
  total((signals + kMixPart - 1) / kMixPart, part, out, frames);
}

}  // namespace perigee::dsp
