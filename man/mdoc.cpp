// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "mdoc.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace perigee::man {

namespace {

struct Decoded {
  char32_t code;
  std::size_t bytes;
};

/// The first character of valid UTF-8.
Decoded decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  char32_t code = lead & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes && i < text.size(); ++i)
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
  return {code, std::min(bytes, text.size())};
}

enum class As { prose, argument, code };

std::string escaped(std::string_view utf8, As as) {
  std::string result;
  bool quoted = false;
  while (!utf8.empty()) {
    const auto [code, bytes] = decode(utf8);
    utf8.remove_prefix(bytes);
    switch (code) {
      case '\\':
        result += "\\e";
        break;
      case '`':  // quotes code in ldoc
        result += as == As::code ? "`" : quoted ? "\\(cq" : "\\(oq";
        quoted = !quoted;
        break;
      case '"':
        result += as == As::argument ? "\\(dq" : "\"";
        break;
      default:
        if (code < 0x80)
          result += static_cast<char>(code);
        else
          result += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(code));
    }
  }
  return result;
}

}  // namespace

std::string prose(std::string_view utf8) {
  std::string text;
  std::size_t column = 0;
  const std::string all = escaped(utf8, As::prose);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t first = all.find_first_not_of(" \t\r\n", at);
    if (first == std::string::npos) break;
    const std::size_t end = std::min(all.find_first_of(" \t\r\n", first), all.size());
    std::string_view word(all.data() + first, end - first);
    const bool starts_line = text.empty() || column + word.size() > 78;
    if (!text.empty()) text += starts_line ? '\n' : ' ';
    if (starts_line) column = 0;
    if (starts_line && (word[0] == '.' || word[0] == '\'')) text += "\\&";
    text += word;
    column += word.size() + 1;
    // A sentence ends its line, so that the formatter spaces it as one.
    if (word.size() > 1 && word.back() == '.' && word[word.size() - 2] != '.') column = 1000;
    at = end;
  }
  return text;
}

std::string argument(std::string_view utf8) { return fmt::format("\"{}\"", escaped(utf8, As::argument)); }

std::string code(std::string_view utf8) { return escaped(utf8, As::code); }

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string framed(const std::string& frame, std::string_view mark, std::string_view text) {
  std::string page = file_text(frame);
  const std::string line = fmt::format("\n{}\n", mark);
  const auto at = page.find(line);
  if (at == std::string::npos) throw std::runtime_error(fmt::format("{} has no line {}", frame, mark));
  page.replace(at, line.size(), fmt::format("\n{}", text));
  return page;
}

}  // namespace perigee::man
