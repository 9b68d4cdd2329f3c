// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "script/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "node/describe.h"
#include "script/embedded.h"
#include "script/hint.h"

namespace perigee {

namespace {

void drop_word(std::string_view& line) { line.remove_prefix(std::min(line.find(' ') + 1, line.size())); }

/// A line of a comment, in which ldoc marks arguments and results.
std::string plain(std::string_view line) {
  if (!line.starts_with('@')) return std::string(line);
  const bool result = line.starts_with("@return") || line.starts_with("@treturn");
  const bool typed = line.starts_with("@t");
  drop_word(line);
  if (typed) drop_word(line);
  if (result && line.empty()) return {};
  const std::size_t gap = std::min(line.find(' '), line.size());
  return result
             ? fmt::format("  → {}", line)
             : fmt::format("  {}{}{}", line.substr(0, gap), gap == line.size() ? "" : ":", line.substr(gap));
}

/// The comment before `function api.NAME(`, or the one that holds `@function NAME`, or that of a signal's
/// method.
std::string of_function(std::string_view name) {
  for (const Embedded& file : embedded_lua()) {
    if (!file.name.starts_with("api/")) continue;
    const std::string head = fmt::format("function api.{}(", name), tag = fmt::format("@function {}", name),
                      method = fmt::format("@function signal:{}", name);
    std::string comment;
    bool tagged = false;
    for (std::size_t at = 0; at < file.text.size();) {
      const std::size_t end = std::min(file.text.find('\n', at), file.text.size());
      std::string_view text = file.text.substr(at, end - at);
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      at = end + 1;
      if (text.starts_with("--")) {
        const std::size_t skip = std::min(text.find_first_not_of("- "), text.size());
        const std::string_view words = text.substr(skip);
        const bool names = words == tag || words == method;
        tagged = tagged || names;
        const std::string told = names || words.starts_with("@overload") ? "" : plain(words);
        if (!told.empty()) comment += told + "\n";
        continue;
      }
      if (tagged || text.starts_with(head)) {
        if (!comment.empty()) comment.pop_back();
        return fmt::format("{}: {}", name, comment);
      }
      comment.clear();
    }
  }
  return {};
}

}  // namespace

std::string help_text(const Kinds& kinds, std::string_view name) {
  if (name.empty()) return fmt::format("help(NAME) tells about one of\n{}", fmt::join(kinds.names(), " "));
  std::string text = of_function(name);
  if (!text.empty()) return text;
  if (const Kind* kind = kinds.find(name)) {
    text = describe(*kind->spec);
    text.pop_back();  // print ends the line
    return text;
  }
  return fmt::format("there is no {}{}", name, did_you_mean(name, kinds.names()));
}

}  // namespace perigee
