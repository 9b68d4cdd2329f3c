// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/hint.h"

#include <algorithm>
#include <cctype>

#include "script/session.h"

namespace perigee {

namespace {

constexpr std::string_view kStringMethods[] = {"byte",  "char",  "find", "format",  "gmatch", "gsub", "len",
                                               "lower", "match", "rep",  "reverse", "sub",    "upper"};
constexpr std::string_view kFields[] = {
    "abs",    "acos",   "asin",  "atan",  "atan2",  "ceil",   "cos",     "cosh",   "deg",    "exp",
    "floor",  "fmod",   "frexp", "ldexp", "log",    "log10",  "max",     "min",    "modf",   "pow",
    "rad",    "random", "sin",   "sinh",  "sqrt",   "tan",    "tanh",    "concat", "insert", "maxn",
    "remove", "sort",   "time",  "clock", "create", "resume", "running", "status", "wrap",   "yield"};

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view name = nearest(word, names);
  return name.empty() ? std::string() : ": did you mean " + std::string(name) + "?";
}

std::string hint_for_nil(const Session& session, std::string_view message) {
  const auto hint_after = [&](std::string_view before,
                              std::span<const std::string_view> names) -> std::string {
    if (!message.starts_with(before) || !message.ends_with("' (a nil value)")) return {};
    message.remove_prefix(before.size());
    return did_you_mean(message.substr(0, message.find('\'')), names);
  };
  std::vector<std::string_view> methods = session.kinds.names();
  methods.insert(methods.end(), std::begin(kStringMethods), std::end(kStringMethods));
  std::string hint = hint_after("attempt to call method '", methods);
  if (!hint.empty()) return hint;
  std::vector<std::string_view> fields(std::begin(kFields), std::end(kFields));
  fields.insert(fields.end(), std::begin(kStringMethods), std::end(kStringMethods));
  return hint_after("attempt to call field '", fields);
}

}  // namespace perigee
