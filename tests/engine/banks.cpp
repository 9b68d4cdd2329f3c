// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nodes that run together sound as if each ran alone, to the bit.

#include "plan/banks.h"

#include <doctest/doctest.h>

#include <random>

#include "support/play.h"
#include "support/voices.h"

using namespace perigee;
using namespace perigee::test;

namespace {

Played play_with(const Patch& patch, const std::vector<Move>& moves, unsigned bank_lanes, Split split) {
  std::vector<Mistake> mistakes;
  const Plan plan = compile(patch, 48000, mistakes, bank_lanes);
  REQUIRE(mistakes.empty());
  return play_moves(patch, plan, moves, split);
}

}  // namespace

TEST_CASE("random voices, with numbers set and nodes silenced on the way, in banks of any size") {
  std::size_t faults = 0, banked = 0, scaling = 0;
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Patch patch = random_voices(random);
    const auto moves = random_moves(patch, random);
    const Played alone = play_with(patch, moves, 0, {});
    faults += alone.faults.size();
    for (const unsigned lanes : {1U, 5U, 16U, kBankLanes, 1000U}) {
      CAPTURE(lanes);
      CHECK(play_with(patch, moves, lanes, {}) == alone);
      CHECK(play_with(patch, moves, lanes, {.seed = seed}).sound == alone.sound);
    }
    for (const Step& step : plan_of(patch).steps) {
      banked += step.members.size() > 1 ? 1 : 0;
      for (const Scaled& one : step.unscaled) scaling += one.by.size();
    }
  }
  CHECK(faults > 100);
  CHECK(banked > 100);
  CHECK(scaling > 500);
}

TEST_CASE("every node is in one group, after those that feed it") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Patch patch = random_voices(random);
    const Plan plan = plan_of(patch);
    for (const unsigned lanes : {0U, 16U, kBankLanes}) {
      std::vector<int> group_of(patch.nodes.size(), -1);
      int number = 0;
      const auto parts = mix_parts(patch, plan, WiresTo(plan.wires, patch.nodes.size()));
      for (const Group& group : banks_of(patch, plan, parts, lanes)) {
        for (const NodeId id : group.nodes) {
          CHECK(group_of[id] == -1);
          group_of[id] = number;
        }
        ++number;
      }
      for (const Wire& wire : plan.wires)
        if (!wire.closes && group_of[wire.from.node] != group_of[wire.to])
          CHECK(group_of[wire.from.node] < group_of[wire.to]);
      CHECK(std::ranges::count(group_of, -1) == 0);
    }
  }
}
