// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <bitset>
#include <vector>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Fixed fixed[] = {
    text("to", "", "the MIDI port, by its name"),
    text("connect", "", "keep it connected to the ports that match, as in \"a2j:*\""),
};

constexpr std::size_t kMostSpoken = 1024;  // messages in a period
constexpr unsigned kChannels = 16, kKeys = 128;

/// Passes on what it is told. It knows which notes are held, so that none is left behind when it is told to
/// end them all; and whether its clock runs, so that it is started once, whatever scripts come and go.
class MidiOut final : public Node {
 public:
  explicit MidiOut(const Setup&) { spoken_.reserve(kMostSpoken); }
  static Bytes memory(const Setup&) { return Bytes::of<MidiOut>(1) + Bytes::of<Spoken>(kMostSpoken); }

  void process(const Block& io) noexcept override {
    if (heard_) forget();
    now_ += io.frames;
  }

  void take(const Message& message) noexcept override {
    if (heard_) forget();
    const auto key = static_cast<std::size_t>(std::clamp(message.key, 0.F, 127.F) + 0.5F);
    const std::size_t note = message.channel * kKeys + key;
    switch (message.what) {
      case Message::What::note_on:
        if (say(message)) held_.set(note);
        return;
      case Message::What::note_off:
        if (held_.test(note) && say(message)) held_.reset(note);
        return;
      case Message::What::start:
        if (!runs_) runs_ = say(message);
        return;
      case Message::What::stop:
        if (runs_) runs_ = !say(message);
        return;
      case Message::What::control:
        say(message);
        if (message.number == kAllNotesOff) end_notes();
        return;
      default:
        say(message);
    }
  }

  std::span<const Spoken> speak(int frames) noexcept override {
    if (heard_) forget();
    heard_ = true;
    const Frames begin = now_ - frames;
    for (std::size_t i = 0; i < spoken_.size(); ++i)
      spoken_[i].offset = static_cast<int>(std::clamp<Frames>(times_[i] - begin, 0, frames - 1));
    return spoken_;
  }

  void reset() noexcept override {}

 private:
  bool say(const Message& message) noexcept {
    if (spoken_.size() == kMostSpoken) return false;
    times_[spoken_.size()] = now_;
    spoken_.push_back({0, message});
    return true;
  }

  void forget() noexcept {
    heard_ = false;
    spoken_.clear();
  }

  void end_notes() noexcept {
    for (std::size_t note = 0; held_.any() && note < held_.size(); ++note)
      if (held_.test(note))
        take({.what = Message::What::note_off,
              .channel = static_cast<std::uint8_t>(note / kKeys),
              .key = static_cast<float>(note % kKeys)});
  }

  Frames now_ = 0;  ///< frames of process()
  std::vector<Spoken> spoken_;
  std::array<Frames, kMostSpoken> times_{};  ///< when they were taken
  bool heard_ = false;                       ///< what was spoken has been heard: next, it is forgotten
  std::bitset<kChannels * kKeys> held_;
  bool runs_ = false;
};

}  // namespace

PERIGEE_NODE(midi_out) = {
    .kind = "midi_out",
    .group = "MIDI",
    .doc = "plays what loops and callbacks tell it at a MIDI port; midi_out(name) makes it",
    .fixed = fixed,
    .make = make<MidiOut>,
    .memory = MidiOut::memory,
    .sink = true,
    .says = 0,
};
