// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/midi_clock.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace perigee;

namespace {

constexpr double kClockRate = 48000;

double pace_of(double tempo) { return 60 * kClockRate / tempo / MidiClock::kTicks; }  // frames a tick

}  // namespace

TEST_CASE("ticks that come a millisecond early or late move beats by no more than is promised") {
  constexpr double kJitter = 48;  // frames
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> jitter(-kJitter, kJitter), any(40, 240), sign(0, 1);
  for (int run = 0; run < 40; ++run) {
    const double tempo = any(random), pace = pace_of(tempo);
    CAPTURE(tempo);
    MidiClock clock(kClockRate);
    clock.start();
    const bool coarse = run % 2 == 0;  // a millisecond either way, and nothing between
    double square = 0, last = -1;
    int measured = 0;
    for (int k = 0; k < 3000; ++k) {
      const double off = coarse ? (sign(random) < 0.5 ? -kJitter : kJitter) : jitter(random);
      const auto at = static_cast<Frames>(std::floor(k * pace + off + 0.5)) + 1000000;
      clock.tick(at);
      if (k < static_cast<int>(MidiClock::kWindow)) continue;
      for (const double ahead : {0.0, 1.0, 4.8, 10.0}) {  // ticks; 4.8 are 100 ms at 120 beats a minute
        const auto frame = static_cast<Frames>((k + ahead) * pace) + 1000000;
        const double expected = static_cast<double>(frame - 1000000) / pace / MidiClock::kTicks;
        const double error = (*clock.beat_of(frame) - expected) * pace * MidiClock::kTicks;  // frames
        // Frames are whole: half of one more.
        REQUIRE(std::abs(error) <= (5.0 / 3 + ahead / 16) * (kJitter + 0.5));
        if (ahead == 0) square += error * error;
        if (ahead == 0) ++measured;
      }
      const double beat = *clock.beat_of(static_cast<Frames>(k * pace) + 1000000);
      CHECK(beat > last);
      last = beat;
    }
    const double deviation = std::sqrt(square / measured) / kJitter;
    // 0.284 of the jitter's own, which is 1/√3 where it is even: with 3000 ticks, within a third of that.
    CHECK(deviation < 0.284 * (coarse ? 1 : 1 / std::sqrt(3.0)) * 4 / 3);
  }
}

TEST_CASE("a tempo that changes is followed within half a beat, and exactly after two") {
  MidiClock clock(kClockRate);
  clock.start();
  double frame = 0;
  for (int k = 0; k < 200; ++k, frame += pace_of(120)) clock.tick(std::llround(frame));
  CHECK(*clock.tempo() == doctest::Approx(120).epsilon(1e-3));
  for (int k = 0; k < 12; ++k, frame += pace_of(174)) clock.tick(std::llround(frame));
  CHECK(*clock.tempo() == doctest::Approx(174).epsilon(0.02));
  for (int k = 0; k < 36; ++k, frame += pace_of(174)) clock.tick(std::llround(frame));
  CHECK(*clock.tempo() == doctest::Approx(174).epsilon(1e-4));
  // At the last tick, nothing was lost on the way.
  const auto last = std::llround(frame - pace_of(174));
  CHECK(*clock.beat_of(last) == doctest::Approx(247.0 / 24).epsilon(1e-5));
}

TEST_CASE("start, stop, continue and song position say where the next tick is") {
  MidiClock clock(kClockRate);
  Frames at = 0;
  const auto ticks = [&](int count) {
    for (int k = 0; k < count; ++k) clock.tick(at += 1000);
  };
  CHECK_FALSE(clock.tempo());
  ticks(100);  // tempo is told while nothing plays
  CHECK(*clock.tempo() == doctest::Approx(120));
  CHECK_FALSE(clock.beat_of(at));
  clock.start();
  CHECK(clock.beat() == 0);
  ticks(1);
  CHECK(*clock.beat_of(at) == doctest::Approx(0));
  ticks(24);
  CHECK(*clock.beat_of(at) == doctest::Approx(1));
  CHECK(*clock.beat_of(at + 500) == doctest::Approx(1 + 0.5 / 24));
  clock.stop();
  ticks(50);
  CHECK(clock.beat() == doctest::Approx(25.0 / 24));
  clock.resume();
  ticks(1);
  CHECK(*clock.beat_of(at) == doctest::Approx(25.0 / 24));
  clock.locate(16);  // not while it rolls
  clock.stop();
  clock.locate(18);
  CHECK(clock.beat() == 4.5);
  at += 1000000;  // ticks have paused, too
  clock.resume();
  ticks(2);
  CHECK(*clock.beat_of(at) == doctest::Approx(4.5 + 1.0 / 24));
  clock.start();
  ticks(1);
  CHECK(*clock.beat_of(at) == doctest::Approx(0).epsilon(1e-9));
}
