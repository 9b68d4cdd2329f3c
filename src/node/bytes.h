// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An amount of memory. Sums and products end at the greatest number: a patch can ask for more than there are
// numbers for, and is refused all the same.

#pragma once

#include <cstdint>
#include <string>

namespace perigee {

class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::uint64_t count) : count_(count) {}
  static constexpr Bytes all_there_are() { return Bytes(UINT64_MAX); }
  /// So many objects in a row.
  template <typename T>
  static constexpr Bytes of(std::uint64_t objects) {
    return Bytes(sizeof(T)) * objects;
  }

  /// The same where they are allocated by themselves, one such block for each lane: of small ones it matters.
  template <typename T>
  static constexpr Bytes block_of(std::uint64_t objects) {
    return of<T>(objects) + Bytes(24);
  }

  constexpr std::uint64_t count() const { return count_; }
  constexpr Bytes operator+(Bytes other) const {
    std::uint64_t sum = 0;
    return __builtin_add_overflow(count_, other.count_, &sum) ? all_there_are() : Bytes(sum);
  }
  constexpr Bytes operator*(std::uint64_t times) const {
    std::uint64_t product = 0;
    return __builtin_mul_overflow(count_, times, &product) ? all_there_are() : Bytes(product);
  }
  constexpr Bytes& operator+=(Bytes other) { return *this = *this + other; }
  constexpr bool operator==(const Bytes&) const = default;
  constexpr bool operator<(Bytes other) const { return count_ < other.count_; }
  constexpr bool operator>(Bytes other) const { return count_ > other.count_; }
  constexpr bool operator<=(Bytes other) const { return count_ <= other.count_; }
  constexpr bool operator>=(Bytes other) const { return count_ >= other.count_; }

 private:
  std::uint64_t count_ = 0;
};

/// As people write it: "512 bytes", "1.5 GiB".
std::string in_words(Bytes bytes);

}  // namespace perigee
