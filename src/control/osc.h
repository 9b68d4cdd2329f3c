// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parameters set from outside, by OSC: /perigee/NODE/PARAMETER value [seconds]; and messages that the script
// has functions for. No text that comes is run. Control thread only.

#pragma once

#include <functional>
#include <map>
#include <string>

#include "control/frame_clock.h"
#include "control/osc_packet.h"
#include "control/osc_refusals.h"
#include "engine/event.h"
#include "patch/patch.h"

namespace perigee {

/// What messages act on.
struct OscTarget {
  std::function<const Patch&()> patch;        ///< that plays
  std::function<Instance*(NodeId)> instance;  ///< of one of its nodes; nullptr: not yet
  std::function<bool(const Event&)> send;     ///< false: the queue is full
  std::function<Frames()> now;                ///< engine time
  std::function<double()> rate;               ///< Hz
  std::function<std::int64_t()> clock;        ///< of the system, nanoseconds since 1970
  /// Whether the script has a function for the message, which is called at that frame; 0: soon.
  std::function<bool(const OscMessage&, Frames)> tell = [](const OscMessage&, Frames) { return false; };
};

/// The event that a message means, at a time of the engine; what is wrong with it is put into `mistake`.
Event event_of(const OscMessage& message, const OscTarget& target, Frames time, std::string& mistake);

/// What comes becomes events, each sent shortly before its time. Without a socket.
class Osc {
 public:
  explicit Osc(OscTarget target) : target_(std::move(target)) {}

  /// A datagram.
  void take(std::span<const char> bytes, std::string_view from);
  /// Sends what is due soon; call it at least ten times a second. Returns what to tell, or nothing.
  std::string attend();

  std::uint64_t refused() const { return refusals_.count(); }

 private:
  struct Waiting {
    OscMessage message;
    std::string from;
  };

  void send(const OscMessage& message, std::string_view from, Frames time);

  OscTarget target_;
  FrameClock clock_;
  OscRefusals refusals_;
  std::multimap<std::int64_t, Waiting> waiting_;  ///< by the clock
  std::size_t bytes_waiting_ = 0;
};

}  // namespace perigee
