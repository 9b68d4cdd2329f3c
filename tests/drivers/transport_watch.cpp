// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/transport_watch.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace perigee;

namespace {

constexpr double kRate = 48000;

bool is_news(TransportWatch& watch, TransportPosition now) {
  if (!watch.look(now, kRate)) return false;
  watch.told(now);
  return true;
}

}  // namespace

TEST_CASE("what rolls on at one tempo is no news, however its beats are rounded") {
  std::random_device device;
  const auto seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const double ticks : {0.0, 96.0, 960.0, 1920.0}) {
    CAPTURE(ticks);
    const double tempo = 20 + static_cast<double>(random() % 400000) / 1000;
    TransportWatch watch;
    Frames frame = random() % 1000000;
    for (int i = 0; i < 20000; ++i) {
      const int period = 16 << (random() % 6);
      const double beat = static_cast<double>(frame) * tempo / (60 * kRate);
      const TransportBeat told{.beat = ticks > 0 ? std::floor(beat * ticks) / ticks : beat,
                               .tempo = tempo,
                               .grain = ticks > 0 ? 1 / ticks : 0};
      const bool news = is_news(watch, {.rolling = true, .frame = frame, .beat = told, .period = period});
      REQUIRE(news == (i == 0));
      frame += period;
    }
  }
}

TEST_CASE("a stop, a start, another place, another tempo or another beat are news") {
  TransportWatch watch;
  TransportPosition now{.rolling = false, .frame = 480, .period = 64};
  CHECK(is_news(watch, now));
  CHECK_FALSE(is_news(watch, now));
  now.rolling = true;
  CHECK(is_news(watch, now));
  now.frame += 64;
  CHECK_FALSE(is_news(watch, now));
  CHECK(is_news(watch, now));  // it has not moved
  now.frame += 64;
  now.beat = TransportBeat{.beat = 4, .tempo = 120};
  CHECK(is_news(watch, now));  // a master has come
  now.frame += 64;
  now.beat->beat += 64.0 / 24000;
  CHECK_FALSE(is_news(watch, now));
  now.frame += 64;
  now.beat->beat += 64.0 / 24000;
  now.beat->tempo = 121;
  CHECK(is_news(watch, now));
  now.frame += 64;
  now.beat->beat = 16;
  CHECK(is_news(watch, now));
  now.frame += 64;
  now.beat.reset();
  CHECK(is_news(watch, now));
  now.frame += 64;
  now.rolling = false;
  CHECK(is_news(watch, now));
}

TEST_CASE("that it jumped is told, even if there was no room for it at first") {
  TransportWatch watch;
  TransportPosition now{.rolling = true, .frame = 0, .period = 64};
  CHECK(is_news(watch, now));
  now.frame = 1000;
  CHECK(watch.look(now, kRate));
  CHECK(now.jumped);
  now.frame += 64;
  CHECK(watch.look(now, kRate));
  CHECK(now.jumped);
  watch.told(now);
  now.frame += 64;
  CHECK_FALSE(watch.look(now, kRate));
}
