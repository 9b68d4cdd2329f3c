// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/resample.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "support/rig.h"

using namespace perigee::test;
namespace files = perigee::files;

TEST_CASE("a resampled sine is the sine of the new rate, without delay") {
  for (const double from : {44100.0, 48000.0, 96000.0}) {
    for (const double to : {44100.0, 48000.0, 96000.0, 192000.0}) {
      CAPTURE(from);
      CAPTURE(to);
      const auto in = sine_wave(997, from, static_cast<perigee::Frames>(from / 4), 0.5);
      const auto out = files::resample(in[0], from, to);
      const auto expected = sine_wave(997, to, static_cast<perigee::Frames>(to / 4), 0.5);
      REQUIRE(out.size() == expected[0].size());
      // The sine starts and stops abruptly, which rings: what is compared is the middle half.
      const auto n = static_cast<std::ptrdiff_t>(out.size());
      const double difference = difference_db({Lane(out.begin() + n / 4, out.end() - n / 4)},
                                              {Lane(expected[0].begin() + n / 4, expected[0].end() - n / 4)});
      CHECK(difference < -97);  // the converter's figure
    }
  }
}

TEST_CASE("resampling rounds the length, and fills all of it") {
  for (const perigee::Frames frames : {1, 2, 3, 100, 101, 4801, 44100}) {
    CAPTURE(frames);
    const Lane ones(static_cast<std::size_t>(frames), 1.F);
    for (const double to : {44100.0, 47999.0, 48000.0, 96000.0}) {
      CAPTURE(to);
      const auto out = files::resample(ones, 44100, to);
      const double exact = static_cast<double>(frames) * to / 44100;
      CHECK(std::abs(static_cast<double>(out.size()) - exact) <= 0.5);
      // All of it sounds: between two ones the sinc overshoots to 4/π, behind the last it falls towards half.
      for (const float sample : out) CHECK(std::abs(sample - 0.8F) < 0.6F);
    }
  }
}

TEST_CASE("an impulse stays at its time") {
  const auto in = impulse(2000, 1000);
  const auto out = files::resample(in[0], 48000, 96000);
  CHECK(std::ranges::max_element(out) - out.begin() == 2000);
  CHECK(files::resample(in[0], 48000, 48000) == in[0]);
}

TEST_CASE("rates too far apart are refused") {
  CHECK_THROWS_AS(files::resample(Lane(100, 0.F), 100, 96000), std::runtime_error);
}
