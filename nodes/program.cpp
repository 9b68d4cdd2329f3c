// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/midi.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the number of the program, 0 … 127"}};
constexpr Fixed fixed[] = {
    midi_port(),
    midi_channel(),
};

class Program final : public MidiValue {
 public:
  explicit Program(const Setup& setup) : MidiValue(0), channel_(setup.number(1)) {}
  void take(const Message& message) noexcept override {
    if (message.what == Message::What::program && is_on(message, channel_)) hold(message.number);
  }

 private:
  double channel_;
};

}  // namespace

PERIGEE_NODE(program) = {
    .kind = "program",
    .group = "MIDI",
    .doc = "the last program change",
    .out = out,
    .fixed = fixed,
    .make = make<Program>,
    .control = true,
    .hears = kHears,
};
