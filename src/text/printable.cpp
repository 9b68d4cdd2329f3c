// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "text/printable.h"

#include <algorithm>
#include <cstdint>

namespace perigee {

namespace {

bool controls(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

/// `allowed` are control characters that stay.
std::string cleaned(std::string_view text, std::string_view allowed) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t count = character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(count, 1));
    const bool stays = allowed.find(character[0]) != std::string_view::npos;
    result += count == 0 || (controls(character) && !stays) ? "\xef\xbf\xbd" : character;
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace

std::size_t character_length(std::string_view text) {
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

std::string printable(std::string_view text) { return cleaned(text, ""); }

std::string for_terminal(std::string_view text) { return cleaned(text, "\n\t"); }

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80; }));
}

}  // namespace perigee
