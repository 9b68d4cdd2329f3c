// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_transport.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace perigee;

TEST_CASE("a beat that is put into a position is found there again") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 10000; ++i) {
    const double beat = static_cast<double>(random() % 100000000) / 1000;
    const TransportLead lead{.tempo = 1 + static_cast<double>(random() % 999000) / 1000,
                             .beats_per_bar = 1 + static_cast<double>(random() % 12)};
    jack_position_t position{};
    position.frame_rate = 48000;
    put_beat(position, beat, lead);
    CAPTURE(beat);
    CAPTURE(lead.beats_per_bar);
    const int beat_in_bar = position.beat;  // the structure is packed
    CHECK(beat_in_bar >= 1);
    CHECK(beat_in_bar <= lead.beats_per_bar);
    const auto found = beat_in(position);
    REQUIRE(found);
    CHECK(found->tempo == lead.tempo);
    CHECK(found->grain == 0);
    CHECK(std::abs(found->beat - beat) < 1e-6);
    // A program of before 2021 knows no fractions of ticks.
    position.valid = JackPositionBBT;
    const auto rounded = beat_in(position);
    REQUIRE(rounded);
    CHECK(rounded->grain * position.ticks_per_beat == doctest::Approx(1));
    CHECK(beat - rounded->beat > -1e-6);
    CHECK(beat - rounded->beat < rounded->grain + 1e-6);
  }
}

TEST_CASE("beats may be those of frames before, and of what makes no sense nothing is taken") {
  jack_position_t position{};
  position.frame_rate = 48000;
  put_beat(position, 10, {.tempo = 120});
  position.valid = static_cast<jack_position_bits_t>(position.valid | JackBBTFrameOffset);
  position.bbt_offset = 12000;
  CHECK(beat_in(position)->beat == doctest::Approx(10.5));
  const auto refused = [&](auto change) {
    jack_position_t other = position;
    change(other);
    return !beat_in(other).has_value();
  };
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  CHECK(refused([](jack_position_t& p) { p.valid = static_cast<jack_position_bits_t>(0); }));
  CHECK(refused([](jack_position_t& p) { p.beats_per_minute = 0; }));
  CHECK(refused([](jack_position_t& p) { p.beats_per_minute = kNan; }));
  CHECK(refused([](jack_position_t& p) { p.ticks_per_beat = 0; }));
  CHECK(refused([](jack_position_t& p) { p.beats_per_bar = -1; }));
  CHECK(refused([](jack_position_t& p) { p.tick_double = kNan; }));
}
