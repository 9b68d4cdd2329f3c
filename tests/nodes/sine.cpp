// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <doctest/doctest.h>

#include "support/rig.h"

using namespace perigee::test;

TEST_CASE("sine is sin(2π·hz·t), also after ten minutes") {
  for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
    CAPTURE(rate);
    const auto frames = static_cast<perigee::Frames>(rate * 600);
    const auto out = Rig{.kind = "sine", .rate = rate, .params = {{"hz", 1000.0}}}.run(frames)[0];
    const auto expected = sine_wave(1000, rate, frames);
    // −120 dB at the end of 600,000 cycles: 1e-6/2π of a cycle, 5e-10 cent.
    CHECK(difference_db(out, expected) < -120);
  }
}

TEST_CASE("phase is an offset in cycles") {
  const auto shifted = Rig{.kind = "sine", .params = {{"hz", 480.0}, {"phase", 0.25}}}.run(1000)[0];
  const auto later = Rig{.kind = "sine", .params = {{"hz", 480.0}}}.run(1025)[0];
  CHECK(difference_db(shifted, {Lane(later[0].begin() + 25, later[0].end())}) < -120);
}
