// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When a beat is: beats of the patch's clock as frames of engine time, and back. Pure.

#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/frames.h"

namespace perigee {

class Timeline {
 public:
  /// A beat is at a frame; `rate` in Hz, `tempo` in beats a minute.
  Timeline(double rate, Frames origin, double tempo, double beat = 0)
      : rate_(rate), changes_{{static_cast<double>(origin), beat, tempo}} {}

  /// The frame nearest to a beat.
  Frames frame_of(double beat) const { return static_cast<Frames>(std::floor(exact_frame_of(beat) + 0.5)); }
  /// Between frames.
  double exact_frame_of(double beat) const {
    const Change& change = at_beat(beat);
    return change.frame + (beat - change.beat) * frames_a_beat(change);
  }
  /// The beat at a frame.
  double beat_of(Frames frame) const {
    const auto exact = static_cast<double>(frame);
    const Change& change = *(std::upper_bound(changes_.begin() + 1, changes_.end(), exact,
                                              [](double at, const Change& one) { return at < one.frame; }) -
                             1);
    return change.beat + (exact - change.frame) / frames_a_beat(change);
  }
  /// After the last change.
  double tempo() const { return changes_.back().tempo; }

  /// From a beat on there are so many frames a second.
  void set_rate(double rate, double beat) {
    set_tempo(tempo(), beat);
    changes_.erase(changes_.begin(), changes_.end() - 1);
    rate_ = rate;
  }
  /// From a beat on there are so many beats a minute; what was said of later beats does not count any more.
  void set_tempo(double tempo, double beat) {
    const Change change{exact_frame_of(beat), beat, tempo};
    while (!changes_.empty() && changes_.back().beat >= beat) changes_.pop_back();
    changes_.push_back(change);
  }

  /// The same beats, moved so that one of them is at a frame; changes of tempo after it stay at their beats.
  Timeline moved_to(Frames frame, double beat) const {
    Timeline moved(rate_, frame, at_beat(beat).tempo, beat);
    for (const Change& change : changes_)
      if (change.beat > beat) moved.set_tempo(change.tempo, change.beat);
    return moved;
  }
  /// Beats before a frame are not asked for any more.
  void forget(Frames before) {
    std::size_t passed = 0;
    while (passed + 1 < changes_.size() && changes_[passed + 1].frame <= static_cast<double>(before))
      ++passed;
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(passed));
  }

 private:
  /// Of tempo.
  struct Change {
    double frame;  ///< not rounded
    double beat;
    double tempo;  ///< from here on
  };

  /// The last change that is not after a beat, or the first.
  const Change& at_beat(double beat) const {
    return *(std::upper_bound(changes_.begin() + 1, changes_.end(), beat,
                              [](double at, const Change& one) { return at < one.beat; }) -
             1);
  }
  double frames_a_beat(const Change& change) const { return 60 * rate_ / change.tempo; }

  double rate_;
  std::vector<Change> changes_;  ///< in their order, one or more
};

}  // namespace perigee
