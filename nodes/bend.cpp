// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/midi.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "−1 … 1; 0 in the middle"}};
constexpr Fixed fixed[] = {
    midi_port(),
    midi_channel(),
};

class Bend final : public MidiValue {
 public:
  explicit Bend(const Setup& setup) : MidiValue(0), channel_(setup.number(1)) {}
  void take(const Message& message) noexcept override {
    if (message.what == Message::What::bend && is_on(message, channel_)) hold(message.value);
    if (message.what == Message::What::control && message.number == kResetControllers &&
        is_on(message, channel_))
      hold(0);
  }

 private:
  double channel_;
};

}  // namespace

PERIGEE_NODE(bend) = {
    .kind = "bend",
    .group = "MIDI",
    .doc = "how far the pitch wheel is turned",
    .out = out,
    .fixed = fixed,
    .make = make<Bend>,
    .control = true,
    .hears = kHears,
};
