// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "text/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/printable.h"

namespace perigee {

namespace {

using nlohmann::json;

/// What stands for a byte begins with these two; two more follow, of which the first is one of two.
constexpr std::string_view kStandsFor = "\xf4\x8f";

bool stands_for_byte(std::string_view character) {
  return character.size() == 4 && character.starts_with(kStandsFor) && (character[2] & 0xfe) == 0xba;
}

/// U+10FE00 and the byte.
std::string in_place_of(unsigned char byte) {
  std::string character(kStandsFor);
  character += static_cast<char>(0xb8U | byte >> 6U);
  character += static_cast<char>(0x80U | (byte & 0x3fU));
  return character;
}

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t count = character_length(text);
    const std::string_view character = text.substr(0, count);
    if (count == 0 || stands_for_byte(character)) {
      result += in_place_of(static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
    } else {
      result += character;
      text.remove_prefix(count);
    }
  }
  return result;
}

std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(character_length(text), 1));
    if (stands_for_byte(character))
      result += static_cast<char>((character[2] & 0x03U) << 6U | (character[3] & 0x3fU));
    else
      result += character;
    text.remove_prefix(character.size());
  }
  return result;
}

/// Only what has to be changed is copied.
template <typename Change>
void change_texts(json& value, const Change& change) {
  if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    const auto ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
    if (!std::ranges::all_of(text, ascii)) text = change(text);
  } else if (value.is_structured()) {
    for (json& part : value) change_texts(part, change);
  }
}

}  // namespace

std::string exact_text(json value) {
  change_texts(value, escaped);
  return value.dump();
}

json with_exact_texts(json value) {
  change_texts(value, unescaped);
  return value;
}

json exact_json(std::string_view text) { return with_exact_texts(json::parse(text)); }

}  // namespace perigee
