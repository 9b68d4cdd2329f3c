// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/transport.h"

#include <algorithm>
#include <cmath>

namespace perigee {

namespace {

/// What rolls and is so near to where it should be has lost a period, or its master counts in its own way.
constexpr double kSkip = 0.5;  // beats
constexpr double kHair = 1e-6;

}  // namespace

void Transport::roll(Frames at, double tempo) {
  timeline_ = Timeline(rate_, at, tempo);
  tempo_ = tempo;
  rolls_ = true;
}

bool Transport::follow(double tempo, bool leads) {
  if (follows_ && leads_ == leads) return false;
  leads_ = leads;
  tempo_ = tempo;
  timeline_ = Timeline(rate_, 0, tempo);
  follows_ = true;
  rolls_ = known_ = false;
  return true;
}

/// Bars and beats are told in ticks; where they agree with the frame and one tempo, that is more exact.
double Transport::place_of(const TransportPosition& position, double expected) const {
  const auto by_frame = [&](double tempo) {
    return static_cast<double>(position.frame) * tempo / (60 * rate_);
  };
  if (!position.beat || leads_) {
    if (!known_ || !position.jumped) return known_ ? expected : by_frame(tempo_);
    const Frames lost = position.frame - last_.frame - (rolls_ ? position.at - last_.at : 0);
    const double near = timeline_.beat_of((rolls_ ? position.at : 0) + lost);
    return rolls_ && position.rolling && std::abs(near - expected) <= kSkip ? near : by_frame(tempo_);
  }
  const TransportBeat& told = *position.beat;
  const auto agrees = [&](double beat) { return std::abs(beat - told.beat) <= told.grain + kHair; };
  if (known_ && !position.jumped && agrees(expected)) return expected;
  return agrees(by_frame(told.tempo)) ? by_frame(told.tempo) : told.beat;
}

Transport::Turn Transport::hear(const TransportPosition& position) {
  const bool rolled = rolls_, others = position.beat && !leads_;
  const double expected = timeline_.beat_of(rolled ? position.at : 0);
  const double beat = place_of(position, expected);
  double slack = others ? position.beat->grain : 0;
  if (others && rolled) slack = std::max(slack, position.beat->slack);
  const bool same =
      known_ && std::abs(beat - expected) <= (rolled && position.rolling ? kSkip : kHair + slack);
  const double tempo_before = timeline_.tempo();
  const Frames at = position.rolling ? position.at : 0;
  if (others)
    timeline_ = Timeline(rate_, at, position.beat->tempo, beat);
  else if (same)
    timeline_ = timeline_.moved_to(at, beat);
  else
    timeline_ = Timeline(rate_, at, tempo_, beat);
  rolls_ = position.rolling;
  known_ = true;
  last_ = position;
  if (!same) return Turn::moved;
  if (rolled != rolls_) return rolls_ ? Turn::started : Turn::stopped;
  // What was sent for a start, or before a jump, is void in any case: see TransportRelay.
  const bool plain = rolls_ && !position.jumped;
  const bool as_before = plain && beat == expected && timeline_.tempo() == tempo_before;
  return as_before ? Turn::none : Turn::retimed;
}

bool Transport::set_tempo(double tempo, double beat) {
  tempo_ = tempo;
  if (follows_ && known_ && last_.beat && !leads_) return false;
  timeline_.set_tempo(tempo, beat);
  return true;
}

void Transport::set_rate(double rate, double beat) {
  timeline_.set_rate(rate, beat);
  rate_ = rate;
}

double Transport::shared_frame_of(double beat) const {
  return static_cast<double>(last_.frame) + timeline_.exact_frame_of(beat) -
         static_cast<double>(rolls_ ? last_.at : 0);
}

}  // namespace perigee
