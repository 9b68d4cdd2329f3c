// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/midi.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "0 … 1"}};
constexpr Fixed fixed[] = {
    midi_port(),
    midi_channel(),
};

class Pressure final : public MidiValue {
 public:
  explicit Pressure(const Setup& setup) : MidiValue(0), channel_(setup.number(1)) {}
  void take(const Message& message) noexcept override {
    if (message.what == Message::What::pressure && is_on(message, channel_)) hold(message.value);
    if (message.what == Message::What::control && message.number == kResetControllers &&
        is_on(message, channel_))
      hold(0);
  }

 private:
  double channel_;
};

}  // namespace

PERIGEE_NODE(pressure) = {
    .kind = "pressure",
    .group = "MIDI",
    .doc = "channel pressure: how hard the keys are held down",
    .out = out,
    .fixed = fixed,
    .make = make<Pressure>,
    .control = true,
    .hears = kHears,
};
