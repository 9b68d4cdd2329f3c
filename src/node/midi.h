// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the nodes that hear a MIDI port have in common.

#pragma once

#include <limits>

#include "node/spec.h"

namespace perigee {

/// Index of the port's name among the fixed values of each of them.
inline constexpr int kHears = 0;

constexpr Fixed midi_port() { return text("from", "", "the MIDI port that it hears, by its name"); }
constexpr Fixed midi_channel() {
  return number("channel", Unit::none, 0, 16, 0, "1 … 16: it hears this channel; 0: all");
}

/// Whether a message is on a channel, 1 … 16, or on any where that is 0.
inline bool is_on(const Message& message, double channel) {
  return channel == 0 || message.channel + 1 == channel;
}

/// A value that messages set, held in between.
class MidiValue : public Node {
 public:
  explicit MidiValue(float initial) : initial_(initial), value_(initial) {}

  void process(const Block& io) noexcept final {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) std::fill_n(io.out[0][lane], io.frames, value_);
  }
  void reset() noexcept override { value_ = initial_; }

 protected:
  void hold(float value) noexcept { value_ = value; }

 private:
  float initial_, value_;
};

}  // namespace perigee
