// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/event_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace perigee;

namespace {

/// What is due by a frame, as { time, value }.
std::vector<std::pair<Frames, float>> taken(EventPool& pool, EventList& list, Frames now) {
  std::vector<std::pair<Frames, float>> events;
  EventList gone;
  while (const Event* event = pool.take_due(list, now, gone)) events.emplace_back(event->time, event->value);
  CHECK(gone.count == events.size());
  pool.release(gone);
  CHECK(gone.count == 0);
  return events;
}

}  // namespace

TEST_CASE("events are due in the order of their times, of one time in the order in which they came") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    EventPool pool(100);
    EventList lists[3];
    std::vector<std::pair<Frames, float>> expected[3];
    for (Frames now = 0; now < 300; ++now) {
      const auto which = random() % 3;
      const Frames time = now + static_cast<Frames>(random() % 30);
      REQUIRE(!pool.full());
      pool.insert(lists[which], {.time = time, .value = static_cast<float>(now)});
      expected[which].emplace_back(time, static_cast<float>(now));
      for (unsigned i = 0; i < 3; ++i) {
        std::ranges::stable_sort(expected[i], {}, &std::pair<Frames, float>::first);
        const auto later =
            std::ranges::find_if(expected[i], [&](const auto& one) { return one.first > now; });
        CHECK(taken(pool, lists[i], now) == std::vector(expected[i].begin(), later));
        expected[i].erase(expected[i].begin(), later);
        CHECK(pool.next(lists[i]) == (expected[i].empty() ? EventPool::kNever : expected[i].front().first));
      }
    }
  }
}

TEST_CASE("a pool holds as many events as it was made for, and those that are gone make room") {
  EventPool pool(4);
  EventList one, other;
  const auto fill = [&] {
    int inserted = 0;
    for (; !pool.full(); ++inserted) pool.insert(inserted % 2 == 0 ? one : other, {.time = inserted});
    return inserted;
  };
  CHECK(fill() == 4);
  CHECK(taken(pool, one, 0).size() == 1);
  CHECK(fill() == 1);
  pool.release(one);
  CHECK(pool.next(one) == EventPool::kNever);
  CHECK(taken(pool, one, EventPool::kNever - 1).empty());
  CHECK(fill() == 2);
  CHECK(pool.next(other) == 1);
  pool.release(one);
  pool.release(other);
  CHECK(fill() == 4);
}
