// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/clock_gate.h"

#include <doctest/doctest.h>

#include <vector>

using namespace perigee;

TEST_CASE(
    "what waits is let go with the first tick after a start, and void when the clock leaves its place") {
  using What = Message::What;
  using Does = ClockGate::Does;
  struct Step {
    What what;
    Does does = Does::nothing;
    float value = 0;
  };
  const std::vector<Step> steps = {
      {What::clock},  // before anybody says start
      {What::stop},
      {What::note_on},
      {What::start},
      {What::start},
      {What::clock, Does::let_go},
      {What::clock},
      {What::locate, Does::nothing, 4},  // not while it rolls
      {What::resume},
      {What::clock},
      {What::stop, Does::break_off},
      {What::stop},
      {What::clock},
      {What::resume},
      {What::stop},  // nothing was let go
      {What::resume},
      {What::clock, Does::let_go},
      {What::clock},
      {What::clock},  // six of them
      {What::stop, Does::break_off},
      {What::locate, Does::nothing, 1},  // that is where it stands
      {What::locate, Does::break_off, 2},
      {What::locate, Does::nothing, 2},
      {What::resume},
      {What::clock, Does::let_go},
      {What::start, Does::break_off},  // from the beginning, without a stop
      {What::clock, Does::let_go},
      {What::stop, Does::break_off},
      {What::locate, Does::break_off, 0},
      {What::start},  // it is there already
      {What::clock, Does::let_go},
  };
  ClockGate gate;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CAPTURE(i);
    REQUIRE(gate.hear({.what = steps[i].what, .value = steps[i].value}) == steps[i].does);
  }
}
