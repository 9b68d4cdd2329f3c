// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MIDI clock as beats: 24 ticks a beat, start, stop, continue and song position (MIDI 1.0 Detailed
// Specification, System Real Time). Ticks come with jitter, so beats lie on the straight line that fits the
// last ticks best, by least squares: with k the number of a tick and f its frame,
//
//   frames a tick = Σ (k − k̄)(f − f̄) / Σ (k − k̄)²,   a beat is at f̄ + (24 · beat − k̄) · frames a tick.
//
// Ticks of before a start say no more than the tempo: the first ones after it are met by a line of that pace.
//
// If no tick is off by more than j, the line at the last of 48 ticks is off by no more than 5/3 · j, and so
// much ahead by 1/16 · j more for each tick; for independent jitter, by 0.29 of its standard deviation. Pure.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "dsp/frames.h"

namespace perigee {

class MidiClock {
 public:
  static constexpr int kTicks = 24;  ///< a beat
  static constexpr std::size_t kWindow = 48;

  explicit MidiClock(double rate) : rate_(rate) {}

  // What has been heard, in its order.
  void tick(Frames at);
  /// The next tick is beat 0.
  void start();
  /// The next tick is the first after the one at which it stopped, or that of the song position.
  void resume();
  void stop();
  /// In sixteenths of a 4/4 bar; while it stands.
  void locate(unsigned sixteenths);

  /// Whether beats go on.
  bool rolls() const { return rolls_; }
  /// Where the next tick will be.
  double beat() const;
  /// Beats a minute; nothing as long as there was no more than one tick, ever.
  std::optional<double> tempo() const;
  /// While it rolls: the beat at a frame. Nothing as long as there is no tempo.
  std::optional<double> beat_of(Frames frame) const;
  /// Frames are at another rate from now on, Hz.
  void set_rate(double rate);

 private:
  struct Tick {
    double number;
    double frame;
  };
  struct Line {
    double number, frame;  ///< a point on it
    double pace;           ///< frames a tick
  };

  std::optional<Line> line() const;
  void forget_ticks();

  double rate_;
  std::deque<Tick> ticks_;
  std::optional<double> pace_;  ///< frames a tick, as those that are forgotten had it
  double next_ = 0;    ///< the number of the next tick; ticks that come while it stands are numbered on
  double origin_ = 0;  ///< the number of the tick at beat 0
  double stands_ = 0;  ///< ticks from beat 0, while it stands
  bool rolls_ = false;
};

}  // namespace perigee
