// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Choices that a generator makes, which can be repeated and made simpler: whatever is generated from them
// stays well formed while it shrinks, as in MacIver and Donaldson, "Test-Case Reduction via Test-Case
// Generation" (ECOOP 2020). A generator lets 0 be the simplest choice.

#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <random>
#include <span>
#include <vector>

namespace perigee::test {

class Choices {
 public:
  using List = std::vector<std::uint32_t>;

  explicit Choices(std::uint64_t seed) : random_(seed), is_random_(true) {}
  /// The same again; where the list has ended, 0.
  explicit Choices(List given) : given_(std::move(given)) {}

  /// 0 … end − 1; end is at least 1.
  std::uint32_t below(std::uint32_t end);
  /// One time in so many.
  bool once_in(std::uint32_t times) { return below(times) == times - 1; }
  template <typename T>
  const T& of(const std::vector<T>& list) {
    return list[below(static_cast<std::uint32_t>(list.size()))];
  }
  template <typename T>
  T of(std::initializer_list<T> list) {
    return std::data(list)[below(static_cast<std::uint32_t>(list.size()))];
  }

  const List& made() const { return made_; }

 private:
  std::mt19937_64 random_;
  bool is_random_ = false;
  List given_, made_;
};

/// The shortest and smallest list that was found with which something still fails, as it does with the one
/// given. Asks at most so often.
Choices::List simplest(Choices::List failing, const std::function<bool(const Choices::List&)>& fails,
                       int attempts);

}  // namespace perigee::test
