// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program's channels as ports of JACK: sound that comes and goes, MIDI that is heard and spoken.

#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "drivers/jack_ports.h"
#include "engine/engine.h"

namespace perigee {

/// A MIDI output, and the node that speaks there.
struct JackSpeaker {
  std::shared_ptr<JackPort> port;
  std::shared_ptr<Instance> instance;

  // Audio thread, after a period has been run.
  void write(jack_nframes_t frames) const noexcept;
  /// Its notes end with the period.
  void end_notes() const noexcept;
};

struct JackChannels final : DriverChannels {
  std::vector<std::shared_ptr<JackPort>> in, out, midi;
  std::vector<JackSpeaker> speakers;
  std::vector<std::shared_ptr<JackPort>> quiet;  ///< MIDI outputs of the program before: they say no more
  std::vector<const float*> in_buffers;          ///< in this period
  std::vector<float*> out_buffers;

  auto& of(JackPortFlags direction) { return direction == JackPortIsInput ? in : out; }

  /// That the program needs.
  void for_each_port(const std::function<void(const JackPort&)>& look) const;

  // Audio thread.
  void find_buffers(jack_nframes_t frames) noexcept;
  void fall_silent(jack_nframes_t frames) noexcept;
  void clear_midi(jack_nframes_t frames) const noexcept;
  /// What comes at MIDI inputs is heard in the period that is about to be run.
  void hear(Engine& engine, jack_nframes_t frames) const noexcept;
  /// What nodes had to say in the period that was run.
  void speak(bool ends_notes, jack_nframes_t frames) const noexcept;
  /// Who spoke here and does not in the next program leaves no note behind.
  void end_notes_of_others(const JackChannels* next, jack_nframes_t frames) const noexcept;
};

}  // namespace perigee
