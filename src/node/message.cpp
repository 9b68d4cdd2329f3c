// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/message.h"

#include <algorithm>
#include <cmath>

namespace perigee {

namespace {

constexpr std::uint8_t kData = 0x80;  // a data byte is below, a status byte is not

/// A bend of 14 bits whose middle is 8192: both ends reach all the way.
float bend(unsigned low, unsigned high) {
  const int from_middle = static_cast<int>(high << 7U | low) - 8192;
  return static_cast<float>(from_middle) / (from_middle < 0 ? 8192.F : 8191.F);
}

/// A part of a whole as 7 bits.
std::uint8_t seven_bits(float value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.F, 127.F)));
}

/// Of those that are about no channel: the clock's.
std::optional<Message> clock_message_of(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes[0] == 0xf2 && bytes.size() == 3 && bytes[1] < kData && bytes[2] < kData)
    return Message{.what = Message::What::locate,
                   .value = static_cast<float>(unsigned{bytes[2]} << 7U | bytes[1])};
  if (bytes.size() != 1) return std::nullopt;
  switch (bytes[0]) {
    case 0xf8:
      return Message{.what = Message::What::clock};
    case 0xfa:
      return Message{.what = Message::What::start};
    case 0xfb:
      return Message{.what = Message::What::resume};
    case 0xfc:
      return Message{.what = Message::What::stop};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Message> message_of(std::span<const std::uint8_t> bytes) noexcept {
  if (bytes.empty() || bytes[0] < kData) return std::nullopt;
  if (bytes[0] >= 0xf0) return clock_message_of(bytes);
  const unsigned kind = bytes[0] >> 4U;
  const bool one_byte = kind == 0xc || kind == 0xd;
  if (bytes.size() != (one_byte ? 2U : 3U)) return std::nullopt;
  for (const std::uint8_t data : bytes.subspan(1))
    if (data >= kData) return std::nullopt;
  const std::uint8_t first = bytes[1], second = one_byte ? 0 : bytes[2];
  Message message{.channel = static_cast<std::uint8_t>(bytes[0] & 15U)};
  switch (kind) {
    case 0x8:
    case 0x9:
      message.what = kind == 0x9 && second > 0 ? Message::What::note_on : Message::What::note_off;
      message.key = first;
      message.value = static_cast<float>(second) / 127;
      break;
    case 0xa:
      message.what = Message::What::key_pressure;
      message.key = first;
      message.value = static_cast<float>(second) / 127;
      break;
    case 0xb:
      message.what = Message::What::control;
      message.number = first;
      message.value = second;
      break;
    case 0xc:
      message.what = Message::What::program;
      message.number = first;
      break;
    case 0xd:
      message.what = Message::What::pressure;
      message.value = static_cast<float>(first) / 127;
      break;
    default:
      message.what = Message::What::bend;
      message.value = bend(first, second);
      break;
  }
  return message;
}

MidiBytes bytes_of(const Message& message) noexcept {
  const auto status = [&](unsigned kind) { return static_cast<std::uint8_t>(kind << 4U | message.channel); };
  const std::uint8_t key = seven_bits(message.key), part = seven_bits(message.value * 127);
  switch (message.what) {
    case Message::What::note_off:
      return {{status(0x8), key, part}, 3};
    case Message::What::note_on:  // a velocity of 0 would release it
      return {{status(0x9), key, std::max<std::uint8_t>(part, 1)}, 3};
    case Message::What::key_pressure:
      return {{status(0xa), key, part}, 3};
    case Message::What::control:
      return {{status(0xb), message.number, seven_bits(message.value)}, 3};
    case Message::What::program:
      return {{status(0xc), message.number}, 2};
    case Message::What::pressure:
      return {{status(0xd), part}, 2};
    case Message::What::bend: {
      const float reach = message.value < 0 ? 8192 : 8191;
      const auto all =
          static_cast<unsigned>(std::lround(std::clamp(message.value, -1.F, 1.F) * reach) + 8192);
      return {{status(0xe), static_cast<std::uint8_t>(all & 127U), static_cast<std::uint8_t>(all >> 7U)}, 3};
    }
    case Message::What::clock:
      return {{0xf8}, 1};
    case Message::What::start:
      return {{0xfa}, 1};
    case Message::What::resume:
      return {{0xfb}, 1};
    case Message::What::stop:
      return {{0xfc}, 1};
    case Message::What::locate: {
      const auto place = static_cast<unsigned>(std::lround(std::clamp(message.value, 0.F, 16383.F)));
      return {{0xf2, static_cast<std::uint8_t>(place & 127U), static_cast<std::uint8_t>(place >> 7U)}, 3};
    }
  }
  return {};
}

}  // namespace perigee
