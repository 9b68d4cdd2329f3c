// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "node/midi.h"

namespace {

using namespace perigee;

constexpr Port out[] = {
    {"hz", "the pitch of each voice, bent; it stays after the note"},
    {"gate", "1 while the note is held, by its key or the pedal, else 0"},
    {"velocity", "0 … 1; it stays after the note"},
    {"pressure", "0 … 1: of the key, or of the channel"},
    {"level", "1; 0 for a voice that is being taken for another note"},
};
constexpr Fixed fixed[] = {
    midi_port(),
    number("voices", Unit::none, 1, 256, 8, "how many notes can sound at a time: a lane for each"),
    number("bend", Unit::none, 0, 96, 2, "semitones that the pitch wheel reaches either way"),
    midi_channel(),
};
constexpr unsigned kVoices = 1, kBend = 2, kChannel = 3;
constexpr double kTakeSeconds = 0.005;  ///< in which a voice that sounds is silenced for another note

enum Outputs : unsigned { kHz, kGate, kVelocity, kPressure, kLevel };

float hz_of(float key) { return 440 * std::exp2((key - 69) / 12); }

struct Voice {
  float key = 69, velocity = 0, pressure = 0;
  bool key_down = false;    ///< or, with neither this nor `pedalled`, released
  bool pedalled = false;    ///< the pedal holds the note
  bool on = false;          ///< the gate, in the frame before
  bool again = false;       ///< the gate was on and has to go off for a frame, to be seen to come on again
  std::uint64_t since = 0;  ///< when it was last pressed or released, counted
  // Another note waits for it.
  Frames taking = 0;  ///< frames until it is silent
  Frames coming =
      0;  ///< frames until it is as loud as ever, after that: its envelope goes on from where it was
  float next_key = 0, next_velocity = 0;
  bool next_down = false;

  bool held() const { return key_down || pedalled; }
};

/// Gives notes to voices: the one with the same note first, then the one released longest ago, then the one
/// held longest, which fades out for it.
class Notes final : public Node {
 public:
  explicit Notes(const Setup& setup)
      : channel_(setup.number(kChannel)),
        bend_range_(static_cast<float>(setup.number(kBend))),
        take_frames_(std::max<Frames>(1, static_cast<Frames>(kTakeSeconds * setup.rate + 0.5))),
        voices_(setup.lanes) {}
  static Bytes memory(const Setup& setup) { return Bytes::of<Notes>(1) + Bytes::of<Voice>(setup.lanes); }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[kHz].lanes; ++lane)
      for (int at = 0; at < io.frames;) at = go_on(io, lane, at);
  }

  void take(const Message& message) noexcept override {
    if (!is_on(message, channel_)) return;
    switch (message.what) {
      case Message::What::note_on:
        return press(message.key, message.value);
      case Message::What::note_off:
        return release(message.key);
      case Message::What::key_pressure:
        for (Voice& voice : voices_)
          if (voice.held() && voice.key == message.key) voice.pressure = message.value;
        return;
      case Message::What::pressure:
        for (Voice& voice : voices_) voice.pressure = message.value;
        return;
      case Message::What::bend:
        bend_ = message.value * bend_range_;
        return;
      case Message::What::control:
        return control(message);
      default:
        return;
    }
  }

  void reset() noexcept override {
    std::ranges::fill(voices_, Voice());
    bend_ = 0;
    pedal_ = false;
  }

 private:
  /// Writes a lane up to where something changes; returns where that is.
  int go_on(const Block& io, unsigned lane, int at) noexcept {
    Voice& voice = voices_[lane];
    const auto end_after = [&](Frames frames) {
      return static_cast<int>(std::min<Frames>(io.frames, at + frames));
    };
    const bool off = voice.taking == 0 && std::exchange(voice.again, false);
    const int end = voice.taking > 0   ? end_after(voice.taking)
                    : off              ? at + 1
                    : voice.coming > 0 ? end_after(voice.coming)
                                       : io.frames;
    const auto fill = [&](unsigned output, float value) {
      std::fill(io.out[output][lane] + at, io.out[output][lane] + end, value);
    };
    fill(kHz, hz_of(voice.key + bend_));
    voice.on = voice.held() && !off;
    fill(kGate, voice.on ? 1.F : 0.F);
    fill(kVelocity, voice.velocity);
    fill(kPressure, voice.pressure);
    for (int i = at; i < end; ++i) io.out[kLevel][lane][i] = level(voice, i - at);
    voice.coming = std::max<Frames>(0, voice.coming - (end - at));
    if (voice.taking > 0 && (voice.taking -= end - at) == 0) begin_next(voice);
    return end;
  }

  float level(const Voice& voice, int later) const noexcept {
    const auto share = [this](Frames frames) {
      return static_cast<float>(frames) / static_cast<float>(take_frames_);
    };
    if (voice.taking > 0) return share(voice.taking - later);
    return 1 - share(std::max<Frames>(0, voice.coming - later));
  }

  void press(float key, float velocity) noexcept {
    Voice& voice = voice_for(key);
    if (voice.taking > 0 || (voice.held() && voice.key != key)) {
      if (voice.taking == 0) voice.taking = take_frames_;
      voice.next_key = key;
      voice.next_velocity = velocity;
      voice.next_down = true;
      voice.since = ++count_;
      return;
    }
    begin(voice, key, velocity);
  }

  void begin(Voice& voice, float key, float velocity) noexcept {
    voice.again = voice.on;
    voice.key = key;
    voice.velocity = velocity;
    voice.pressure = 0;
    voice.key_down = true;
    voice.pedalled = false;
    voice.since = ++count_;
  }

  /// A note that has been released meanwhile is not played.
  void begin_next(Voice& voice) noexcept {
    const auto since = voice.since;
    voice.coming = take_frames_;
    if (voice.next_down)
      begin(voice, voice.next_key, voice.next_velocity);
    else
      voice.key_down = voice.pedalled = false;
    voice.since = since;
  }

  Voice& voice_for(float key) noexcept {
    Voice* best = nullptr;
    const auto better = [&](const Voice& voice) {
      if (best == nullptr) return true;
      return voice.held() != best->held() ? !voice.held() : voice.since < best->since;
    };
    for (Voice& voice : voices_) {
      if (voice.since > 0 && note_of(voice) == key) return voice;
      if (better(voice)) best = &voice;
    }
    return *best;
  }

  static float note_of(const Voice& voice) { return voice.taking > 0 ? voice.next_key : voice.key; }

  void release(float key) noexcept {
    for (Voice& voice : voices_) {
      if (voice.taking > 0) {
        if (voice.next_key == key) voice.next_down = false;
      } else if (voice.key_down && voice.key == key) {
        voice.key_down = false;
        voice.pedalled = pedal_;
        if (!pedal_) voice.since = ++count_;
      }
    }
  }

  void control(const Message& message) noexcept {
    if (message.number == kSustain && message.value >= 64) {
      pedal_ = true;
    } else if (message.number == kSustain) {
      lift_pedal();
    } else if (message.number == kResetControllers) {
      bend_ = 0;
      lift_pedal();
    } else if (message.number == kAllSoundOff || message.number >= kAllNotesOff) {  // 124 … 127 imply it
      release_all();
    }
  }

  void lift_pedal() noexcept {
    pedal_ = false;
    for (Voice& voice : voices_)
      if (std::exchange(voice.pedalled, false)) voice.since = ++count_;
  }

  void release_all() noexcept {
    pedal_ = false;
    for (Voice& voice : voices_) {
      voice.next_down = false;
      if (!voice.held()) continue;
      voice.key_down = voice.pedalled = false;
      voice.since = ++count_;
    }
  }

  double channel_;
  float bend_range_;
  Frames take_frames_;
  std::vector<Voice> voices_;
  std::uint64_t count_ = 0;
  float bend_ = 0;  ///< semitones
  bool pedal_ = false;
};

}  // namespace

PERIGEE_NODE(notes) = {
    .kind = "notes",
    .group = "MIDI",
    .doc = "gives notes to voices, a lane for each; a script calls voices, which is made of it",
    .out = out,
    .fixed = fixed,
    .make = make<Notes>,
    .lanes = [](const Setup& setup) { return static_cast<unsigned>(setup.number(kVoices)); },
    .memory = Notes::memory,
    .control = true,
    .hears = kHears,
};
