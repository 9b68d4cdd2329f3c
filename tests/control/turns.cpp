// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/turns.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace perigee;

TEST_CASE("after each turn the script has a moment for its own, however many wait") {
  Loop loop;
  Turns turns(loop);
  std::vector<std::string> order;
  turns.after_each([&] { order.emplace_back("moment"); });
  // The first is not over at once: meanwhile others come.
  std::function<void()> wake;
  bool over = false;
  turns.add({.start =
                 [&](const auto& call) {
                   order.emplace_back("one begins");
                   wake = call;
                 },
             .attend = [&]() -> std::optional<Loop::Clock::time_point> {
               if (over) return std::nullopt;
               return Loop::Clock::now() + std::chrono::hours(1);
             }});
  for (const char* name : {"two", "three"}) turns.add([&order, name] { order.emplace_back(name); });
  CHECK(order == std::vector<std::string>{"one begins"});
  over = true;
  wake();
  loop.post([&] { loop.stop(); });
  loop.run();
  CHECK(turns.idle());
  CHECK(order == std::vector<std::string>{"one begins", "moment", "two", "moment", "three", "moment"});
}
