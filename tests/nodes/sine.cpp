// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/rig.h"

using namespace perigee;
using namespace perigee::test;

TEST_CASE("sine is sin(2π·hz·t), also after ten minutes") {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
    CAPTURE(rate);
    const auto frames = static_cast<Frames>(rate * 600);
    const Rig rig{.kind = "sine", .rate = rate, .params = {{"hz", 1234.5}}};
    // One second at the start, at 1/60 of the way (so that no whole cycle slips between) and at the end.
    // Float rounding makes −130 dB or so; −125 dB at the end of 740,700 cycles is 9e-8 of a cycle: 2e-10
    // cent.
    for (const Frames part : {frames / 600, frames / 60, frames}) {
      const auto second = static_cast<Frames>(rate);
      CHECK(difference_db(rig.tail(part, second)[0], sine_wave(1234.5, rate, second, 1, part - second)) <
            -125);
    }
  }
}

TEST_CASE("phase is an offset in cycles") {
  const auto shifted = Rig{.kind = "sine", .params = {{"hz", 480.0}, {"phase", 0.25}}}.run(1000)[0];
  const auto later = Rig{.kind = "sine", .params = {{"hz", 480.0}}}.run(1025)[0];
  CHECK(difference_db(shifted, {Lane(later[0].begin() + 25, later[0].end())}) < -120);
}
