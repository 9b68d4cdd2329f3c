// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MIDI clock as a transport: what is heard of it, and what of that is news to loops. While no ticks come
// and nobody says stop, it goes on as it was. Pure.

#pragma once

#include "control/midi_clock.h"
#include "drivers/transport.h"
#include "node/message.h"

namespace perigee {

class MidiTransport {
 public:
  /// `tempo` counts as long as nothing is known of the clock's.
  MidiTransport(double rate, double tempo) : rate_(rate), tempo_(tempo), clock_(rate) {}

  /// Where it stands before anything was heard.
  TransportPosition first(int period);
  /// What came at a frame of engine time, in periods of so many, and the era that it let go, or 0
  /// (Report::era). Returns the position if that is news.
  std::optional<TransportPosition> hear(const Message& message, Frames at, std::uint32_t era, int period);
  void set_rate(double rate);

 private:
  double tempo() const { return clock_.tempo().value_or(tempo_); }
  TransportPosition standing(Frames at);
  std::optional<TransportPosition> tick(Frames at, std::uint32_t era);

  double rate_, tempo_;
  MidiClock clock_;
  bool waits_ = false;      ///< rolls with the next tick
  TransportPosition told_;  ///< last
};

}  // namespace perigee
