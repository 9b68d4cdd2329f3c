// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/sliding_max.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace perigee;

TEST_CASE("the sliding maximum is the greatest of the window, whatever comes") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::int64_t window = 1 + static_cast<std::int64_t>(random() % 50);
    dsp::SlidingMax sliding(static_cast<std::size_t>(window));
    std::vector<float> all;
    for (int i = 0; i < 1000; ++i) {
      if (i == 500) {
        sliding.reset();
        all.clear();
      }
      all.push_back(static_cast<float>(random() % 20) - 10);
      const auto first = all.size() > static_cast<std::size_t>(window) ? all.end() - window : all.begin();
      CHECK(sliding.push(all.back(), window) == *std::max_element(first, all.end()));
    }
  }
}
