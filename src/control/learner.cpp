// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/learner.h"

#include <utility>

#include "node/message.h"

namespace perigee {

void Learner::begin(std::string param) {
  param_ = std::move(param);
  named_ = {};
}

std::optional<Controller> Learner::hear(const std::string& port, const Message& message) {
  if (message.what != Message::What::control || message.channel >= named_.size()) return std::nullopt;
  const unsigned number = message.number, channel = message.channel + 1U;
  const auto value = static_cast<unsigned>(message.value);
  Named& named = named_[message.channel];
  if (named.port != port) named = {.port = port};
  switch (number) {
    case kNrpn:
      named.coarse = value;
      named.is_nrpn = true;
      return std::nullopt;
    case kNrpnFine:
      named.fine = value;
      named.is_nrpn = true;
      return std::nullopt;
    case kRpn:
    case kRpnFine:
      named.is_nrpn = false;
      named.is_rpn = true;
      return std::nullopt;
    case kDataEntry:
    case kDataEntryFine:
      if (named.is_nrpn)
        return Controller{
            .port = port, .number = named.coarse << 7U | named.fine, .kind = "nrpn", .channel = channel};
      if (named.is_rpn) return std::nullopt;
      break;
    default:
      break;
  }
  if (number >= kAllSoundOff) return std::nullopt;
  return Controller{.port = port, .number = number, .kind = "7 bit", .channel = channel};
}

}  // namespace perigee
