// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>

namespace perigee::dsp {

/// Turns 16 values, in place, by Hadamard's matrix in Sylvester's order over 4: orthogonal, its own inverse,
/// every value with the same weight in every other. Element (i, j) is negative where i & j has an odd number
/// of bits.
inline void hadamard(float (&x)[16]) {
  for (std::size_t half = 1; half < 16; half *= 2) {
    for (std::size_t i = 0; i < 16; i += 2 * half) {
      for (std::size_t j = i; j < i + half; ++j) {
        const float a = x[j], b = x[j + half];
        x[j] = a + b;
        x[j + half] = a - b;
      }
    }
  }
  for (float& value : x) value *= 0.25F;
}

}  // namespace perigee::dsp
