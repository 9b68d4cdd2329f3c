// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_transport.h"

#include <algorithm>
#include <cmath>

namespace perigee {

namespace {

constexpr double kTicks = 1920;                     ///< a beat
constexpr double kSlowest = 0.1, kFastest = 10000;  ///< beats a minute that make sense
/// What goes on so far from where it should, seconds, has lost periods and is at no other place.
constexpr double kLost = 0.25;

}  // namespace

std::optional<TransportBeat> beat_in(const jack_position_t& position) noexcept {
  if ((position.valid & JackPositionBBT) == 0) return std::nullopt;
  const double tempo = position.beats_per_minute, ticks = position.ticks_per_beat;
  const double beats = position.beats_per_bar;
  if (!(tempo >= kSlowest && tempo <= kFastest) || !(ticks >= 1) || !(beats > 0)) return std::nullopt;
  double tick = position.tick, grain = 1 / ticks;
#ifdef JACK_TICK_DOUBLE
  if ((position.valid & JackTickDouble) != 0) {
    tick = position.tick_double;
    grain = 0;
  }
#endif
  double beat = (position.bar - 1) * beats + (position.beat - 1) + tick / ticks;
  if ((position.valid & JackBBTFrameOffset) != 0 && position.frame_rate > 0)
    beat += position.bbt_offset * tempo / (60.0 * position.frame_rate);
  if (!std::isfinite(beat)) return std::nullopt;
  return TransportBeat{.beat = beat, .tempo = tempo, .grain = grain};
}

void put_beat(jack_position_t& position, double beat, const TransportLead& lead) noexcept {
  const double bar = std::floor(beat / lead.beats_per_bar);
  const double in_bar = std::max(0.0, beat - bar * lead.beats_per_bar);
  const double whole = std::floor(in_bar);
  const double tick = (in_bar - whole) * kTicks;
  position.valid = JackPositionBBT;
  position.bar = static_cast<std::int32_t>(bar) + 1;
  position.beat = static_cast<std::int32_t>(whole) + 1;
  position.tick = static_cast<std::int32_t>(tick);
  position.bar_start_tick = bar * lead.beats_per_bar * kTicks;
  position.beats_per_bar = static_cast<float>(lead.beats_per_bar);
  position.beat_type = 4;
  position.ticks_per_beat = kTicks;
  position.beats_per_minute = lead.tempo;
#ifdef JACK_TICK_DOUBLE
  position.valid = static_cast<jack_position_bits_t>(JackPositionBBT | JackTickDouble);
  position.tick_double = tick;
#endif
}

void JackTransport::follow(bool follow, const std::optional<TransportLead>& lead) {
  relay_.follow(follow);
  if (!follow || !lead) return;
  beats_per_bar_ = lead->beats_per_bar;
  if (!leads_) lines_.push({.tempo = lead->tempo});  // what the audio thread has not taken yet is older
}

bool JackTransport::tell(bool follow, bool lead) {
  if (!client_.speaks()) return true;
  jack_client_t* const client = client_.handle;
  if (leads_ && !(follow && lead)) {
    jack_release_timebase(client);
    leads_ = false;
  }
  if (!follow) {
    jack_set_sync_callback(client, nullptr, nullptr);
    return true;
  }
  jack_set_sync_callback(
      client,
      [](jack_transport_state_t state, jack_position_t* position, void* self) {
        const Uncancelled thread;
        const TransportRelay& relay = static_cast<JackTransport*>(self)->relay_;
        return state == JackTransportRolling || relay.may_start(position->frame) ? 1 : 0;
      },
      this);
  if (!lead || leads_) return true;
  leads_ = jack_set_timebase_callback(
               client, 1,
               [](jack_transport_state_t, jack_nframes_t frames, jack_position_t* position, int, void* self) {
                 const Uncancelled thread;
                 static_cast<JackTransport*>(self)->say(frames, *position);
               },
               this) == 0;
  return leads_;
}

void JackTransport::lead(double frame, double beat, double tempo) {
  if (leads_) lines_.push({.frame = frame, .beat = beat, .tempo = tempo});
}

void JackTransport::look(Engine& engine, jack_nframes_t frames, double rate) noexcept {
  if (!relay_.follows()) return;
  jack_position_t position{};
  const bool rolling = jack_transport_query(client_.handle, &position) == JackTransportRolling;
  relay_.look(engine,
              {.rolling = rolling,
               .frame = position.frame,
               .beat = beat_in(position),
               .period = static_cast<int>(frames)},
              rate);
}

void JackTransport::say(jack_nframes_t frames, jack_position_t& position) noexcept {
  const Frames frame = position.frame;
  const auto lost = static_cast<double>(frame - said_);
  const bool moved = lost < 0 || lost > frames + kLost * position.frame_rate;
  said_ = frame;
  while (lines_.read_available() > 0 && (moved || lines_.front().frame <= static_cast<double>(frame))) {
    line_ = lines_.front();
    lines_.pop();
  }
  if (moved) line_ = {.tempo = line_.tempo};
  const double frames_a_beat = 60.0 * position.frame_rate / line_.tempo;
  const double beat = line_.beat + (static_cast<double>(frame) - line_.frame) / frames_a_beat;
  put_beat(position, std::max(0.0, beat), {.tempo = line_.tempo, .beats_per_bar = beats_per_bar_});
}

}  // namespace perigee
