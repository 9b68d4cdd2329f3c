// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace perigee::dsp {

/// Well-mixed bits of any number: SplitMix64's output function (Steele, Lea, Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014).
constexpr std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

/// White noise: xoshiro128+ (Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47,
/// 2021), made for floats, of adds and shifts of 32 bits only, so that lanes fit a vector. Period 2^128 − 1.
class Random {
 public:
  /// A stream of its own for each pair; 128 random bits keep the streams apart.
  Random(std::uint64_t seed, std::uint64_t stream) {
    const std::uint64_t a = mixed(mixed(seed) ^ stream), b = mixed(a);
    state_ = {low(a), high(a), low(b), high(b) | 1U};  // not all 0
  }

  /// Evenly spread over −1 … 1.
  float next() {
    auto& [a, b, c, d] = state_;
    const std::uint32_t sum = a + d;
    const std::uint32_t shifted = b << 9U;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 11);
    return static_cast<float>(static_cast<std::int32_t>(sum)) * 0x1p-31F;
  }

 private:
  static constexpr std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
  static constexpr std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32U); }

  std::array<std::uint32_t, 4> state_;
};

}  // namespace perigee::dsp
