// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who says which beat is when: the patch by itself, or the transport that it follows. Pure.

#pragma once

#include "control/timeline.h"
#include "drivers/transport.h"

namespace perigee {

class Transport {
 public:
  explicit Transport(double rate) : rate_(rate), timeline_(rate, 0, 120) {}

  /// By itself, it rolls from beat 0 at a frame of engine time.
  void roll(Frames at, double tempo);
  /// From now on hear() says where it is; until then it stands. Who leads has a tempo of its own. False: that
  /// is so already.
  bool follow(double tempo, bool leads);
  /// Goes on by itself, where and as it is.
  void leave() { follows_ = false; }

  /// What came of what was heard.
  enum class Turn {
    none,
    retimed,  ///< beats are at other frames than before
    stopped,
    started,  ///< where it stood
    moved,    ///< it is at another place; or where it is was not known
  };
  Turn hear(const TransportPosition& position);

  bool follows() const { return follows_; }
  bool rolls() const { return rolls_; }
  /// While it rolls, in frames of engine time; while it stands, in frames from when it will start.
  const Timeline& timeline() const { return timeline_; }
  /// From a beat on. False when another's tempo counts.
  bool set_tempo(double tempo, double beat);
  /// From a beat on: so many frames a second.
  void set_rate(double rate, double beat);
  /// The shared transport's own frame, between frames.
  double shared_frame_of(double beat) const;
  void forget(Frames before) { timeline_.forget(before); }

 private:
  double place_of(const TransportPosition& position, double expected) const;

  double rate_;
  Timeline timeline_;
  double tempo_ = 120;  ///< its own
  bool follows_ = false, leads_ = false, rolls_ = false;
  bool known_ = false;      ///< something was heard
  TransportPosition last_;  ///< heard
};

}  // namespace perigee
