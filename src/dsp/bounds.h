// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The least and the greatest value that a parameter may have, as the floats that nodes see.

#pragma once

#include <cstddef>
#include <limits>

namespace perigee {

struct Bounds {
  float min = std::numeric_limits<float>::lowest();
  float max = std::numeric_limits<float>::max();

  bool operator==(const Bounds&) const = default;
  /// Whether any number lies outside.
  bool limits() const { return *this != Bounds(); }
  /// The nearest value inside; what is inside keeps its bits, and NaN becomes the least.
  float held(float x) const { return x >= min ? (x <= max ? x : max) : min; }
};

namespace dsp {

/// Whether all samples are inside; NaN is not. Any thread.
bool all_within(const float* samples, std::size_t count, Bounds bounds) noexcept;
/// Each as Bounds::held says. `out` may be `in`. Any thread.
void hold_within(const float* in, float* out, std::size_t count, Bounds bounds) noexcept;

}  // namespace dsp

}  // namespace perigee
