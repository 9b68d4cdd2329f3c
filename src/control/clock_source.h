// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose beats loops follow: the patch's own, those of the transport that the driver tells of, or those of a
// MIDI port. Control thread only.

#pragma once

#include <optional>

#include "control/conductor.h"
#include "control/midi_transport.h"
#include "drivers/driver.h"

namespace perigee {

class ClockSource {
 public:
  ClockSource(Engine& engine, Driver& driver, Conductor& conductor)
      : engine_(engine), driver_(driver), conductor_(conductor) {}

  /// That of the patch that plays from now on, whose tempo counts unless another's does. Returns what cannot
  /// be as it was asked for.
  std::optional<Mistake> choose(const Clock& clock, double tempo);
  /// What the engine heard: it may be the clock.
  void hear(const Report& report);
  /// Before loops go on.
  void look();
  /// After loops have gone on.
  void tell();
  void set_rate(double rate);

 private:
  std::optional<Mistake> follow_jack(double tempo);

  Engine& engine_;
  Driver& driver_;
  Conductor& conductor_;
  Clock clock_;
  std::optional<MidiTransport> midi_;
};

}  // namespace perigee
