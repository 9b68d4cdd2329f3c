// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a beat is: beats of the patch's clock as frames of engine time, and back.

#pragma once

#include <cmath>

#include "dsp/frames.h"

namespace perigee {

class Timeline {
 public:
  /// Beat 0 is at a frame; `rate` in Hz.
  Timeline(double rate, Frames origin, double tempo)
      : rate_(rate), frame_(static_cast<double>(origin)), tempo_(tempo) {}

  /// The frame nearest to a beat that is not before the last change of tempo.
  Frames frame_of(double beat) const {
    return static_cast<Frames>(std::floor(frame_ + (beat - beat_) * frames_a_beat() + 0.5));
  }
  /// The beat at a frame.
  double beat_of(Frames frame) const {
    return beat_ + (static_cast<double>(frame) - frame_) / frames_a_beat();
  }
  double tempo() const { return tempo_; }

  /// From a beat on there are so many frames a second.
  void set_rate(double rate, double beat) {
    set_tempo(tempo_, beat);
    rate_ = rate;
  }
  /// From a beat on there are so many beats a minute.
  void set_tempo(double tempo, double beat) {
    frame_ += (beat - beat_) * frames_a_beat();
    beat_ = beat;
    tempo_ = tempo;
  }

 private:
  double frames_a_beat() const { return 60 * rate_ / tempo_; }

  double rate_;
  double frame_;     ///< of the last change of tempo, not rounded
  double beat_ = 0;  ///< of the same
  double tempo_;
};

}  // namespace perigee
