// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an OSC packet says: the bytes of a datagram become messages, or a reason to refuse all of them. Any
// bytes may come. And the other way round. No sockets.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace perigee {

/// Numbers and booleans are numbers; monostate: of a type that nobody here has a use for.
using OscValue = std::variant<std::monostate, double, std::string>;

struct OscMessage {
  std::string path;
  std::vector<OscValue> values;
  std::optional<std::int64_t> when;  ///< nanoseconds since 1970, by the sender's clock; none: at once
};

struct OscPacket {
  std::vector<OscMessage> messages;
  std::string mistake;  ///< then there are no messages
};

/// Bundles are opened, also one in another.
OscPacket parse_osc(std::span<const char> bytes);

/// The bytes of a message. Numbers are sent as 32-bit floats, text without what follows a zero byte.
std::vector<char> osc_packet(const std::string& path,
                             std::span<const std::variant<bool, double, std::string>> values);

}  // namespace perigee
