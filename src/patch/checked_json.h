// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON from outside. Nothing is converted: a number that does not fit is none. All throw std::runtime_error,
// with what was found and what was expected: `at: 1.5 is not a whole number from 0 to 100`.

#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace perigee {

/// One value, in UTF-8, nested no deeper than patches are, and without a key that is there twice.
nlohmann::json parse_json(const std::string& text);

/// A member of an object.
const nlohmann::json& member_of(const nlohmann::json& object, const std::string& name);

std::int64_t whole_number(const nlohmann::json& value, std::string_view what, std::int64_t min,
                          std::int64_t max);
double real_number(const nlohmann::json& value, std::string_view what, double min, double max);
bool yes_or_no(const nlohmann::json& value, std::string_view what);
/// Of at most so many bytes.
std::string text_of(const nlohmann::json& value, std::string_view what, std::size_t most = 65536);
/// The value itself: a list of so many.
const nlohmann::json& list_of(const nlohmann::json& value, std::string_view what, std::size_t least = 0,
                              std::size_t most = std::numeric_limits<std::size_t>::max());

/// A value as messages show it: short.
std::string shown(const nlohmann::json& value);

}  // namespace perigee
