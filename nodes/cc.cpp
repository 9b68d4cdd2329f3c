// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include "node/midi.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "0 … 1"}};
constexpr std::string_view kinds[] = {"7 bit", "14 bit", "nrpn"};
constexpr Fixed fixed[] = {
    midi_port(),
    number("number", Unit::none, 0, 16383, kRequired,
           "of the controller, 0 … 127; the coarse one of 14 bits, 0 … 31; an NRPN, 0 … 16383"),
    choice("kind", kinds, "7 bit", "14 bit: a fine controller, 32 above, belongs to it"),
    midi_channel(),
};

constexpr unsigned kNumber = 1, kKind = 2, kChannel = 3;

std::string check(const Setup& setup) {
  const double number = setup.number(kNumber), most = setup.text(kKind) == "7 bit"    ? 127
                                                      : setup.text(kKind) == "14 bit" ? 31
                                                                                      : 16383;
  if (number > most)
    return fmt::format("there is no controller {:g} of {}: 0 … {:g}", number, setup.text(kKind), most);
  return {};
}

/// Two halves of seven bits, of which the fine one may never come.
class Fine {
 public:
  void coarse(unsigned bits) { value_ = bits << 7U; }
  void fine(unsigned bits) { value_ = (value_ & ~127U) | bits; }
  unsigned value() const { return value_; }
  /// 1 at the greatest value that is sent.
  float share() const { return static_cast<float>(value_) / 16383; }

 private:
  unsigned value_ = 0;
};

class Controller final : public MidiValue {
 public:
  explicit Controller(const Setup& setup)
      : MidiValue(0),
        number_(static_cast<unsigned>(setup.number(kNumber))),
        is_nrpn_(setup.text(kKind) == "nrpn"),
        is_fine_(setup.text(kKind) == "14 bit"),
        channel_(setup.number(kChannel)) {}

  void take(const Message& message) noexcept override {
    if (message.what != Message::What::control || !is_on(message, channel_)) return;
    const auto bits = static_cast<unsigned>(message.value);
    if (is_nrpn_)
      take_nrpn(message.number, bits);
    else if (message.number == number_ && is_fine_)
      value_.coarse(bits), hold(value_.share());
    else if (message.number == number_)
      hold(message.value / 127);
    else if (is_fine_ && message.number == number_ + 32)
      value_.fine(bits), hold(value_.share());
  }

 private:
  /// First the parameter is named by two controllers, then its value is entered by two others.
  void take_nrpn(unsigned controller, unsigned bits) noexcept {
    if (controller == kNrpn) named_.coarse(bits), is_named_ = true;
    if (controller == kNrpnFine) named_.fine(bits), is_named_ = true;
    if (controller == kRpn || controller == kRpnFine) is_named_ = false;
    if (!is_named_ || named_.value() != number_) return;
    if (controller == kDataEntry) value_.coarse(bits), hold(value_.share());
    if (controller == kDataEntryFine) value_.fine(bits), hold(value_.share());
  }

  unsigned number_;
  bool is_nrpn_, is_fine_;
  double channel_;
  Fine value_, named_;
  bool is_named_ = false;
};

}  // namespace

PERIGEE_NODE(cc) = {
    .kind = "cc",
    .group = "MIDI",
    .doc = "a controller, as it stands: a knob, a fader, a pedal",
    .out = out,
    .fixed = fixed,
    .make = make<Controller>,
    .check = check,
    .control = true,
    .hears = kHears,
};
