// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/checked_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

namespace perigee {

namespace {

using nlohmann::json;

constexpr int kDeepest = 16;              // patches need 6
constexpr std::size_t kMostMembers = 64;  // of an object; nodes have 8
constexpr std::size_t kShown = 60;        // bytes

/// Follows the parser into objects, and looks at their keys.
class Keys {
 public:
  void see(json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      if (open_.size() == kDeepest)
        throw std::runtime_error(fmt::format("it is nested deeper than {} levels", kDeepest));
      open_.emplace_back();
    }
    if (event == Event::object_end || event == Event::array_end) open_.pop_back();
    if (event != Event::key) return;
    const auto& key = parsed.get_ref<const std::string&>();
    std::vector<std::string>& known = open_.back();
    if (std::ranges::count(known, key) > 0)
      throw std::runtime_error(fmt::format("{} is there twice", shown(parsed)));
    if (known.size() == kMostMembers)
      throw std::runtime_error(fmt::format("an object has more than {} members", kMostMembers));
    known.push_back(key);
  }

 private:
  std::vector<std::vector<std::string>> open_;  ///< keys of each level
};

[[noreturn]] void refuse_value(const json& value, std::string_view what, const std::string& expected) {
  throw std::runtime_error(fmt::format("{}: {} is not {}", what, shown(value), expected));
}

}  // namespace

std::string shown(const json& value) {
  if (value.is_structured() && !value.empty()) return value.is_array() ? "a list" : "an object";
  std::string text = value.is_string() && value.get_ref<const std::string&>().size() > kShown
                         ? json(value.get_ref<const std::string&>().substr(0, kShown))
                                   .dump(-1, ' ', true, json::error_handler_t::replace) +
                               "…"
                         : value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text;
}

json parse_json(const std::string& text) {
  Keys keys;
  try {
    return json::parse(text, [&](int, json::parse_event_t event, json& parsed) {
      keys.see(event, parsed);
      return true;
    });
  } catch (const json::parse_error& error) {
    throw std::runtime_error(fmt::format("no JSON in UTF-8 from byte {} on", error.byte));
  } catch (const json::exception&) {
    throw std::runtime_error("it holds a number that is too large");
  }
}

const json& member_of(const json& object, const std::string& name) {
  const auto found = object.find(name);
  if (!object.is_object() || found == object.end())
    throw std::runtime_error(fmt::format("{} is missing", name));
  return *found;
}

std::int64_t whole_number(const json& value, std::string_view what, std::int64_t min, std::int64_t max) {
  const auto refuse = [&] {
    refuse_value(value, what, fmt::format("a whole number from {} to {}", min, max));
  };
  if (!value.is_number_integer()) refuse();
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    refuse();
  const auto number = value.get<std::int64_t>();
  if (number < min || number > max) refuse();
  return number;
}

double real_number(const json& value, std::string_view what, double min, double max) {
  const double number = value.is_number() ? value.get<double>() : 0;
  if (!value.is_number() || !(number >= min && number <= max))
    refuse_value(value, what, fmt::format("a number from {} to {}", min, max));
  return number;
}

bool yes_or_no(const json& value, std::string_view what) {
  if (!value.is_boolean()) refuse_value(value, what, "true or false");
  return value.get<bool>();
}

std::string text_of(const json& value, std::string_view what, std::size_t most) {
  const auto* const text = value.get_ptr<const std::string*>();
  if (text == nullptr || text->size() > most)
    refuse_value(value, what, fmt::format("text of at most {} bytes", most));
  return *text;
}

const json& list_of(const json& value, std::string_view what, std::size_t least, std::size_t most) {
  if (value.is_array() && value.size() >= least && value.size() <= most) return value;
  refuse_value(value, what,
               least == most                  ? fmt::format("a list of {}", least)
               : least > 0 && most < SIZE_MAX ? fmt::format("a list of {} to {}", least, most)
                                              : std::string("a list"));
}

}  // namespace perigee
