// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "picture/printable.h"

#include <algorithm>
#include <cstdint>

namespace perigee {

namespace {

/// Bytes of the character that begins a text, 0 if none does (RFC 3629: no surrogates, nothing overlong).
std::size_t length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  std::uint32_t code = lead & (0x7fU >> count);
  for (std::size_t i = 1; i < count; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool overlong = code < (count == 4 ? 0x10000U : count == 3 ? 0x800U : 0x80U);
  const bool no_character =
      (code >= 0xd800 && code < 0xe000) || code > 0x10ffff || (code & 0xfffeU) == 0xfffe;
  return overlong || no_character ? 0 : count;
}

bool controls(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t count = length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(count, 1));
    result += count == 0 || controls(character) ? "\xef\xbf\xbd" : character;
    text.remove_prefix(character.size());
  }
  return result;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80; }));
}

}  // namespace perigee
