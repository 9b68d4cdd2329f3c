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

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

unsigned edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: three rows of the usual table.
  std::vector<unsigned> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (unsigned j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<unsigned>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const unsigned change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  if (word.size() > 64) return {};
  std::string_view best;
  // Short words are near to too many: there the first letter has to be right.
  const bool brief = word.size() < 4;
  unsigned least = word.size() < 3 ? 0 : std::max(1U, static_cast<unsigned>(word.size() / 4));
  for (const std::string_view name : names) {
    if (name.empty() || name == word || name.size() > 64 || (brief && name[0] != word[0])) continue;
    const unsigned distance = same_letters(word, name) ? 0 : edit_distance(word, name);
    if (distance > least || (distance == least && !best.empty())) continue;
    best = name;
    least = distance;
  }
  return best;
}

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
