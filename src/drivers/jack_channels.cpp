// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_channels.h"

#include <jack/midiport.h>

#include <algorithm>

namespace perigee {

namespace {

void clear(const JackPort& port, jack_nframes_t frames) noexcept {
  jack_midi_clear_buffer(jack_port_get_buffer(port.handle(), frames));
}

}  // namespace

void JackSpeaker::write(jack_nframes_t frames) const noexcept {
  void* const buffer = jack_port_get_buffer(port->handle(), frames);
  for (const Spoken& spoken : instance->node->speak(static_cast<int>(frames))) {
    const MidiBytes midi = bytes_of(spoken.message);
    jack_midi_event_write(buffer, static_cast<jack_nframes_t>(spoken.offset), midi.bytes.data(), midi.size);
  }
}

void JackSpeaker::end_notes() const noexcept {
  for (const Message& last : {Message{.what = Message::What::control, .number = kAllNotesOff},
                              Message{.what = Message::What::stop}})
    instance->node->take(last);
}

void JackChannels::for_each_port(const std::function<void(const JackPort&)>& look) const {
  for (const auto* ports : {&in, &out, &midi})
    for (const auto& port : *ports) look(*port);
  for (const JackSpeaker& speaker : speakers) look(*speaker.port);
}

void JackChannels::find_buffers(jack_nframes_t frames) noexcept {
  for (std::size_t i = 0; i < in.size(); ++i)
    in_buffers[i] = static_cast<const float*>(jack_port_get_buffer(in[i]->handle(), frames));
  for (std::size_t i = 0; i < out.size(); ++i)
    out_buffers[i] = static_cast<float*>(jack_port_get_buffer(out[i]->handle(), frames));
}

void JackChannels::fall_silent(jack_nframes_t frames) noexcept {
  find_buffers(frames);
  for (float* buffer : out_buffers) std::fill_n(buffer, frames, 0.F);
}

void JackChannels::clear_midi(jack_nframes_t frames) const noexcept {
  for (const auto& port : quiet) clear(*port, frames);
  for (const JackSpeaker& speaker : speakers) clear(*speaker.port, frames);
}

void JackChannels::hear(Engine& engine, jack_nframes_t frames) const noexcept {
  for (unsigned port = 0; port < midi.size(); ++port) {
    void* const buffer = jack_port_get_buffer(midi[port]->handle(), frames);
    const std::uint32_t count = jack_midi_get_event_count(buffer);
    for (std::uint32_t i = 0; i < count; ++i) {
      jack_midi_event_t event{};
      if (jack_midi_event_get(&event, buffer, i) != 0) continue;
      if (const auto message = message_of({event.buffer, event.size}))
        engine.hear(port, static_cast<int>(event.time), *message);
    }
  }
}

void JackChannels::speak(bool ends_notes, jack_nframes_t frames) const noexcept {
  for (const JackSpeaker& speaker : speakers) {
    if (ends_notes) speaker.end_notes();
    speaker.write(frames);
  }
}

void JackChannels::end_notes_of_others(const JackChannels* next, jack_nframes_t frames) const noexcept {
  for (const JackSpeaker& speaker : speakers) {
    const auto is_same = [&](const JackSpeaker& one) { return one.instance == speaker.instance; };
    if (next != nullptr && std::ranges::any_of(next->speakers, is_same)) continue;
    speaker.end_notes();
    speaker.write(frames);
  }
}

}  // namespace perigee
