// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/hint.h"

#include <fmt/format.h>

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

/// Of the library os.
constexpr std::string_view kSystem[] = {"date",   "execute", "exit",      "getenv",
                                        "remove", "rename",  "setlocale", "tmpname"};

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view name = nearest(word, names);
  return name.empty() ? std::string() : ": did you mean " + std::string(name) + "?";
}

namespace {

/// NAME in "BEFORE'NAME'AFTER", or nothing.
std::string_view quoted(std::string_view message, std::string_view before, std::string_view after) {
  if (!message.starts_with(before) || !message.ends_with(after)) return {};
  message.remove_prefix(before.size());
  return message.substr(0, message.find('\''));
}

}  // namespace

std::string hint_after(const Session& session, std::string_view message) {
  for (const std::string_view before :
       {"attempt to index global '", "attempt to perform arithmetic on global '"}) {
    const std::string_view name = quoted(message, before, "' (a function value)");
    if (session.kinds.find(name) != nullptr) return fmt::format(": {}(…) makes its signal", name);
  }
  constexpr std::string_view kNil = "' (a nil value)";
  const std::string_view method = quoted(message, "attempt to call method '", kNil);
  const std::string_view field = quoted(message, "attempt to call field '", kNil);
  if (!session.options.trust && std::ranges::count(kSystem, field) > 0) return std::string(kTrust);
  std::vector<std::string_view> methods = session.kinds.names();
  methods.insert(methods.end(), std::begin(kStringMethods), std::end(kStringMethods));
  if (!method.empty()) return did_you_mean(method, methods);
  std::vector<std::string_view> fields(std::begin(kFields), std::end(kFields));
  fields.insert(fields.end(), std::begin(kStringMethods), std::end(kStringMethods));
  return field.empty() ? std::string() : did_you_mean(field, fields);
}

std::string_view hint_after_compiler(std::string_view message) {
  return message == "')' expected near '='" ? ": arguments with names stand in { }, as in sine{ hz = 440 }"
                                            : "";
}

}  // namespace perigee
