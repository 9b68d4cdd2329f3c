// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/occasions.h"

#include <fmt/format.h>

namespace perigee {

namespace {

constexpr double kHighestData = 127;

}  // namespace

Occasion occasion_of(const MidiBinding& port, const Message& message) {
  const auto named = [&](std::string_view what, std::vector<PlainValue> values) -> Occasion {
    values.emplace_back(message.channel + 1.0);
    return {fmt::format("midi {} {}", port.name, what), std::move(values)};
  };
  const double value = static_cast<double>(message.value);
  switch (message.what) {
    case Message::What::note_on:
      return named("note", {static_cast<double>(message.key), value});
    case Message::What::note_off:
      return named("note", {static_cast<double>(message.key), 0.0});
    case Message::What::key_pressure:
      return named("key_pressure", {static_cast<double>(message.key), value});
    case Message::What::control:
      return named("cc", {static_cast<double>(message.number), value / kHighestData});
    case Message::What::program:
      return named("program", {static_cast<double>(message.number)});
    case Message::What::pressure:
      return named("pressure", {value});
    case Message::What::bend:
      return named("bend", {value});
    default:
      return {};
  }
}

Occasion occasion_of(const OscMessage& message) {
  Occasion occasion{.name = "osc " + message.path, .values = {}};
  for (const OscValue& value : message.values) {
    if (const auto* number = std::get_if<double>(&value))
      occasion.values.emplace_back(*number);
    else if (const auto* text = std::get_if<std::string>(&value))
      occasion.values.emplace_back(*text);
    else
      occasion.values.emplace_back("");
  }
  return occasion;
}

Occasion occasion_of(const PortChange& change) {
  switch (change.what) {
    case PortChange::What::came:
      return {"jack port", {change.port, true}};
    case PortChange::What::went:
      return {"jack port", {change.port, false}};
    case PortChange::What::joined:
      return {"jack connection", {change.port, change.other, true}};
    case PortChange::What::parted:
      break;
  }
  return {"jack connection", {change.port, change.other, false}};
}

}  // namespace perigee
