// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JACK's transport: tells where it is, has it wait at a start until the control thread is ready, and says its
// bars and beats if the patch leads.

#pragma once

#include <jack/transport.h>

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <optional>

#include "drivers/jack_client.h"
#include "drivers/transport_relay.h"

namespace perigee {

/// What a timebase master says of a position; nothing if there is none, or it makes no sense.
std::optional<TransportBeat> beat_in(const jack_position_t& position) noexcept;
/// Fills in bar, beat and tick.
void put_beat(jack_position_t& position, double beat, const TransportLead& lead) noexcept;

class JackTransport {
 public:
  explicit JackTransport(JackClient& client) : client_(client) {}
  JackTransport(const JackTransport&) = delete;
  JackTransport& operator=(const JackTransport&) = delete;

  // Control thread; see Driver.
  void follow(bool follow, const std::optional<TransportLead>& lead);
  std::optional<TransportPosition> next() { return relay_.next(); }
  void ready(std::uint32_t number) { relay_.ready(number); }
  void lead(double frame, double beat, double tempo);

  /// JACK thread, after follow(): tells the server. False if another program leads already.
  bool tell(bool follow, bool lead);

  /// Audio thread, before the engine runs a period.
  void look(Engine& engine, jack_nframes_t frames, double rate) noexcept;

 private:
  /// Beats go on like this from a frame of the transport.
  struct Line {
    double frame = 0;
    double beat = 0;
    double tempo = 120;
  };

  // Audio thread.
  void say(jack_nframes_t frames, jack_position_t& position) noexcept;

  JackClient& client_;
  TransportRelay relay_;
  std::atomic<bool> leads_{false};  ///< the JACK thread decides
  std::atomic<double> beats_per_bar_{4};
  boost::lockfree::spsc_queue<Line, boost::lockfree::capacity<1024>> lines_;

  // The audio thread's.
  Line line_;
  Frames said_ = 0;  ///< the frame that say() was called for last
};

}  // namespace perigee
