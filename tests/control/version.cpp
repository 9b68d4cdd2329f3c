// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/version.h"

#include <doctest/doctest.h>

#include <random>

using namespace perigee;

namespace {

Version with_nodes(std::size_t nodes) {
  Patch patch;
  patch.nodes.resize(nodes);
  return version_of(std::move(patch), {});
}

}  // namespace

TEST_CASE("the newest are kept: a hundred, or as many as have 500,000 nodes together, but one at least") {
  const Version sizes[] = {with_nodes(0),      with_nodes(10),      with_nodes(4'999),
                           with_nodes(60'000), with_nodes(250'000), with_nodes(500'001)};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto kinds = 1 + random() % std::size(sizes);
    std::deque<Version> kept, all;
    for (int i = 0; i < 250; ++i) {
      all.push_back(sizes[random() % kinds]);
      kept.push_back(all.back());
      keep_newest(kept);
      REQUIRE(!kept.empty());
      REQUIRE(std::equal(kept.rbegin(), kept.rend(), all.rbegin()));
      std::size_t nodes = 0;
      for (const Version& one : kept) nodes += one->patch.nodes.size();
      CHECK(kept.size() <= 100);
      CHECK((nodes <= 500'000 || kept.size() == 1));
    }
    if (kinds <= 3) CHECK(kept.size() == 100);
  }
}

TEST_CASE("long lists count as the nodes that they are as large as") {
  Patch patch;
  patch.nodes.resize(1);
  patch.nodes[0].fixed.emplace_back(std::vector<double>(1 << 20));  // 8192 KiB
  const std::deque<Version> all(100, version_of(std::move(patch), {}));
  std::deque<Version> kept = all;
  keep_newest(kept);
  CHECK(kept.size() == 500'000 / 8193);
}
