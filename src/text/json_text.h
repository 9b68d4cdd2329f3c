// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON on its way out.

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace perigee {

/// For others to read: valid UTF-8 whatever is in it. Bytes that are no characters become U+FFFD.
template <typename Json>
std::string json_text(const Json& value, int indent = -1) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// For Perigee to read again: texts come back byte by byte, whatever bytes they are, and two that differ
/// differ in here, too. A byte that is part of no character stands as one of its own from a private area of
/// Unicode, U+10FE80 to U+10FEFF; and so do the bytes of a text that has one of these.
std::string exact_text(nlohmann::json value);
/// What exact_text wrote and somebody has parsed.
nlohmann::json with_exact_texts(nlohmann::json value);
/// Throws what nlohmann::json::parse throws.
nlohmann::json exact_json(std::string_view text);

}  // namespace perigee
