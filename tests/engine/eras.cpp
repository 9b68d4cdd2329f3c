// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events that are taken back, and events that wait until they are let go.

#include "engine/eras.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "engine/event_pool.h"

using namespace perigee;

TEST_CASE("an event is void if its era, or a later one, ended before it is due") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 200; ++run) {
    Eras eras;
    std::vector<std::pair<std::uint32_t, Frames>> ends;
    std::uint32_t era = 1;
    for (int i = 0; i < 60; ++i) {
      const auto from = static_cast<Frames>(random() % 1000);
      // One that has ended may be said to have ended once more.
      const std::uint32_t which = random() % 4 == 0 && era > 1 ? era - 1 - random() % (era - 1) : era;
      if (which > 0) {
        eras.end(which, from);
        ends.emplace_back(which, from);
      }
      if (which == era) ++era;
      for (int k = 0; k < 20; ++k) {
        const Event event{.time = static_cast<Frames>(random() % 1000),
                          .era = static_cast<std::uint32_t>(random() % (era + 2)),
                          .held = random() % 4 == 0};
        bool expected = false;
        for (const auto& [ended, at] : ends)
          expected = expected || (event.era != 0 && event.era <= ended && (event.held || event.time >= at));
        REQUIRE(eras.is_void(event) == expected);
      }
    }
  }
}

TEST_CASE("of eras long gone, what was due before they ended is still due") {
  Eras eras;
  for (std::uint32_t era = 1; era < 1000; ++era) eras.end(era, static_cast<Frames>(era) * 10);
  CHECK_FALSE(eras.is_void({.time = 9, .era = 1}));
  CHECK(eras.is_void({.time = 9, .era = 1, .held = true}));
  CHECK_FALSE(eras.is_void({.time = 9989, .era = 999}));
  CHECK(eras.is_void({.time = 9990, .era = 999}));
  CHECK_FALSE(eras.is_void({.time = 99990, .era = 1000}));
}

TEST_CASE("void events are taken as if they were not there, and make room") {
  EventPool pool(4);
  EventList list, taken;
  for (int i = 0; i < 4; ++i) pool.insert(list, {.time = i, .era = i % 2 == 0 ? 1U : 0U});
  pool.eras.end(1, 2);
  std::vector<Frames> times;
  while (const Event* event = pool.take_due(list, 10, taken)) times.push_back(event->time);
  CHECK(times == std::vector<Frames>{0, 1, 3});
  pool.release(taken);
  CHECK(pool.empty());
  for (int i = 0; i < 4; ++i) pool.insert(list, {.time = i, .era = 2});
  pool.drop_if(list, [](const Event& event) { return event.time == 3; });
  CHECK(list.count == 3);
  CHECK_FALSE(pool.full());
  pool.release(list);
  CHECK(pool.empty());
}
