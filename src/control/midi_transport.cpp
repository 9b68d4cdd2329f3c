// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/midi_transport.h"

#include <cmath>
#include <utility>

namespace perigee {

namespace {

/// The line of beats that was told last is good enough as long as it is so near now, and so far ahead.
constexpr double kGoodEnough = 0.0001, kSoon = 0.1;  // seconds
/// Nor is there another one so soon: each takes back what was sent ahead, and begins an era (engine/eras.h).
constexpr double kSpacing = 0.04;  // seconds
/// Where it stops is the next tick, two at most from where it was; see TransportBeat.
constexpr double kStopSlack = 2.0 / MidiClock::kTicks;  // beats

}  // namespace

TransportPosition MidiTransport::first(int period) {
  TransportPosition position = standing(0);
  position.period = period;
  position.number = 1;
  return told_ = position;
}

TransportPosition MidiTransport::standing(Frames at) {
  return {.at = at, .beat = TransportBeat{.beat = clock_.beat(), .tempo = tempo(), .slack = kStopSlack}};
}

std::optional<TransportPosition> MidiTransport::tick(Frames at, std::uint32_t era) {
  const double next = clock_.beat();
  clock_.tick(at);
  if (!clock_.rolls()) return std::nullopt;
  TransportPosition position{.at = at, .rolling = true, .era = era};
  if (std::exchange(waits_, false)) {
    position.beat = {.beat = next, .tempo = tempo()};
    return position;
  }
  position.beat = {.beat = clock_.beat_of(at).value_or(next), .tempo = tempo()};
  if (static_cast<double>(at - told_.at) < kSpacing * rate_) return std::nullopt;
  // Seconds from what was told, at a frame so many seconds later.
  const auto off = [&](double later) {
    const double frames = static_cast<double>(at - told_.at) + later * rate_;
    const double told = told_.beat->beat + frames * told_.beat->tempo / (60 * rate_);
    const double beat = position.beat->beat + later * position.beat->tempo / 60;
    return std::abs(beat - told) * 60 / position.beat->tempo;
  };
  if (off(0) <= kGoodEnough && off(kSoon) <= kGoodEnough) return std::nullopt;
  return position;
}

std::optional<TransportPosition> MidiTransport::hear(const Message& message, Frames at, std::uint32_t era,
                                                     int period) {
  std::optional<TransportPosition> news;
  const bool rolled = told_.rolling;
  switch (message.what) {
    case Message::What::start:
      clock_.start();
      waits_ = true;
      break;
    case Message::What::resume:
      waits_ = waits_ || !clock_.rolls();
      clock_.resume();
      break;
    case Message::What::stop:
      clock_.stop();
      waits_ = false;
      break;
    case Message::What::locate:
      clock_.locate(static_cast<unsigned>(message.value));
      break;
    case Message::What::clock:
      news = tick(at, era);
      break;
    default:
      return std::nullopt;
  }
  const bool stands = !clock_.rolls() || waits_;
  if (stands && (rolled || clock_.beat() != told_.beat->beat)) news = standing(at);
  if (!news) return std::nullopt;
  news->period = period;
  news->number = told_.number + 1 == 0 ? 1 : told_.number + 1;
  return told_ = *news;
}

void MidiTransport::set_rate(double rate) {
  clock_.set_rate(rate);
  rate_ = rate;
}

}  // namespace perigee
