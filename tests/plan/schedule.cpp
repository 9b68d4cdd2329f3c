// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/schedule.h"

#include <doctest/doctest.h>

#include <random>

using namespace perigee;

namespace {

/// Whatever it gains.
Threads forced(unsigned most) { return {.most = most, .gain = -1e9}; }

std::vector<Task> random_tasks(std::mt19937_64& random) {
  const auto any = [&](std::size_t count) { return random() % count; };
  const std::size_t things = 2 + any(20);
  std::vector<Task> tasks(1 + any(40));
  for (Task& task : tasks) {
    task.ns = 1 + static_cast<double>(any(5000));
    for (std::size_t i = any(4); i > 0; --i)
      task.accesses.push_back(
          {static_cast<std::uint32_t>(any(things)), any(3) == 0, static_cast<std::uint32_t>(1 + any(8))});
  }
  return tasks;
}

bool conflict(const Task& a, const Task& b) {
  for (const Access& one : a.accesses)
    for (const Access& other : b.accesses)
      if (one.what == other.what && (one.writes || other.writes)) return true;
  return false;
}

/// A run of some chunks in which it is chance who comes next of those that need not wait. Returns the tasks
/// in the order in which they were run, with their chunks; fewer than all if everybody waits.
std::vector<std::pair<int, std::uint32_t>> run(const std::vector<std::vector<Turn>>& shares, int chunks,
                                               std::mt19937_64& random) {
  std::vector<std::size_t> done(shares.size());
  const auto over = [&](std::size_t share) {
    return done[share] == shares[share].size() * static_cast<std::size_t>(chunks);
  };
  const auto next = [&](std::size_t share) -> const Turn& {
    return shares[share][done[share] % shares[share].size()];
  };
  const auto ready = [&](std::size_t share) {
    const std::size_t chunk = done[share] / shares[share].size();
    for (const Wait& wait : next(share).waits) {
      if (wait.before && chunk == 0) continue;
      CHECK(shares[wait.share][wait.turns - 1].awaited);
      if (done[wait.share] < (wait.before ? chunk - 1 : chunk) * shares[wait.share].size() + wait.turns)
        return false;
    }
    return true;
  };
  std::vector<std::pair<int, std::uint32_t>> ran;
  for (;;) {
    std::vector<std::size_t> who;
    for (std::size_t share = 0; share < shares.size(); ++share)
      if (!over(share) && ready(share)) who.push_back(share);
    if (who.empty()) return ran;
    const std::size_t share = who[random() % who.size()];
    ran.emplace_back(static_cast<int>(done[share] / shares[share].size()), next(share).step);
    ++done[share];
  }
}

}  // namespace

TEST_CASE(
    "whoever comes first, what conflicts is run in its order, in every chunk, and nobody waits for ever") {
  std::size_t across = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto given = random_tasks(random);
    const Division division = divide(given, forced(2 + static_cast<unsigned>(random() % 3)));
    REQUIRE(division.order.size() == given.size());
    // In the order that it chose.
    std::vector<Task> tasks;
    std::vector<std::uint32_t> share_of, place(given.size());
    for (const std::uint32_t task : division.order) {
      place[task] = static_cast<std::uint32_t>(tasks.size());
      tasks.push_back(given[task]);
      share_of.push_back(division.share_of[task]);
    }
    for (std::size_t i = 0; i < given.size(); ++i)
      for (std::size_t j = i + 1; j < given.size(); ++j)
        if (conflict(given[i], given[j])) CHECK(place[i] < place[j]);
    const auto shares = turns_of(tasks, share_of, division.shares);
    for (const auto& turns : shares) CHECK(!turns.empty());

    constexpr int kChunks = 4;
    const auto ran = run(shares, kChunks, random);
    REQUIRE(ran.size() == tasks.size() * kChunks);
    for (std::size_t i = 0; i < ran.size(); ++i)
      for (std::size_t j = i + 1; j < ran.size(); ++j) {
        if (!conflict(tasks[ran[i].second], tasks[ran[j].second])) continue;
        across += share_of[ran[i].second] != share_of[ran[j].second] ? 1 : 0;
        CHECK(ran[i] < ran[j]);  // by chunk, then by place
      }
  }
  CHECK(across > 10000);
}

TEST_CASE("no division takes longer than one thread, and the time that it tells can be kept") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const auto tasks = random_tasks(random);
    double alone = 0;
    for (const Task& task : tasks) alone += task.ns;
    const Division division = divide(tasks, {.most = 3, .gain = 0.1});
    CHECK(division.alone == doctest::Approx(alone));
    if (division.shares == 1) {
      CHECK(division.ns == division.alone);
      continue;
    }
    CHECK(division.ns <= alone * 0.9);
    std::vector<double> busy(division.shares);
    for (std::size_t i = 0; i < tasks.size(); ++i) busy[division.share_of[i]] += tasks[i].ns;
    for (const double ns : busy) CHECK(ns <= division.ns);
  }
}

TEST_CASE("a chain stays with one thread, and so do tasks that are too short to pay") {
  std::vector<Task> chain(20);
  for (std::uint32_t i = 0; i < chain.size(); ++i) {
    chain[i] = {.ns = 1000, .accesses = {{i + 1, true, 1}}};
    if (i > 0) chain[i].accesses.push_back({i, false, 1});
  }
  CHECK(divide(chain, {.most = 4}).shares == 1);
  std::vector<Task> crumbs(20);
  for (std::uint32_t i = 0; i < crumbs.size(); ++i) crumbs[i] = {.ns = 10, .accesses = {{i, true, 1}}};
  CHECK(divide(crumbs, {.most = 4}).shares == 1);
  for (Task& task : crumbs) task.ns = 1000;
  const Division many = divide(crumbs, {.most = 4});
  CHECK(many.shares == 4);
  CHECK(many.ns < many.alone / 3);
  CHECK(divide(crumbs, {.most = 4, .start = 20000}).shares == 1);
  CHECK(divide(crumbs, {.most = 1}).shares == 1);
  CHECK(divide({}, {.most = 4}).shares == 1);
}

TEST_CASE("the longest way begins first where all else would wait for it") {
  // 20 short tasks that come before a chain of ten.
  std::vector<Task> tasks;
  for (std::uint32_t i = 0; i < 20; ++i) tasks.push_back({.ns = 500, .accesses = {{i, true, 1}}});
  for (std::uint32_t i = 20; i < 30; ++i)
    tasks.push_back({.ns = 1000, .accesses = {{i, true, 1}, {i - (i > 20 ? 1 : 0), i == 20, 1}}});
  const Division division = divide(tasks, {.most = 2});
  CHECK(division.order.front() == 20);
  CHECK(division.ns < 12000);  // behind the others it would be 15000
}
