// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ldoc.h"

#include <algorithm>
#include <iterator>

namespace perigee::man {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const auto word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// "name" and "a, b" of "function name(a, b)", "local name = function(a, b)" and the like; empty if it is
/// neither.
struct Header {
  std::string name;
  std::vector<std::string> arguments;
};

Header header_of(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with("local ")) line = trimmed(line.substr(6));
  const auto keyword = line.find("function"), open = line.find('(', keyword), close = line.find(')', open);
  if (keyword == std::string_view::npos || close == std::string_view::npos) return {};
  Header header;
  if (keyword == 0) {
    header.name = trimmed(line.substr(8, open - 8));
  } else {
    header.name = trimmed(line.substr(0, std::min(line.find('='), keyword)));
  }
  std::string_view rest = line.substr(open + 1, close - open - 1);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    header.arguments.emplace_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  std::erase(header.arguments, "");
  return header;
}

class Block {
 public:
  void line(std::string_view text) {
    const std::string_view content = trimmed(text);
    if (content.starts_with('@')) {
      tag(content.substr(1));
    } else if (into_ == &function_.usage) {
      *into_ += std::string(text) + '\n';
    } else {
      *into_ += (into_->empty() ? "" : " ") + std::string(content);
    }
  }

  void finish(LuaModule& module, std::string_view code) {
    if (is_local_) return;
    if (!table_.empty()) {
      module.tables.push_back({.name = table_, .doc = function_.doc, .fields = fields_});
      return;
    }
    std::ranges::move(fields_, std::back_inserter(module.fields));
    if (!module_.empty()) module.name = module_;
    const Header header = header_of(code);
    if (is_module_ || (function_.name.empty() && header.name.empty())) {
      if (!function_.doc.empty()) module.doc += (module.doc.empty() ? "" : " ") + function_.doc;
      return;
    }
    if (function_.name.empty()) function_.name = header.name;
    if (function_.arguments.empty())
      for (const auto& name : header.arguments) function_.arguments.push_back({.name = name});
    module.functions.push_back(function_);
  }

 private:
  void tag(std::string_view text) {
    std::string_view name = take_word(text);
    const bool optional = name.find("[opt") != std::string_view::npos;
    name = name.substr(0, name.find('['));
    if (name == "module" || name == "classmod" || name == "script") {
      is_module_ = true;
      module_ = text;
    } else if (name == "table") {
      table_ = text;
    } else if (name == "local") {
      is_local_ = true;
    } else if (name == "function" || name == "name") {
      function_.name = text;
    } else if (name == "overload") {
      function_.overloads.emplace_back(text);
      into_ = &ignored_;
    } else if (name == "usage") {
      into_ = &function_.usage;
      if (!text.empty()) *into_ += std::string(text) + '\n';
    } else if (name == "tparam" || name == "param" || name == "tfield" || name == "field") {
      LuaArgument one{.optional = optional};
      if (name.starts_with('t')) one.type = take_word(text);
      one.name = take_word(text);
      one.doc = text;
      auto& list = name.ends_with("field") ? fields_ : function_.arguments;
      list.push_back(one);
      into_ = &list.back().doc;
    } else if (name == "treturn" || name == "return") {
      LuaArgument one;
      if (name == "treturn") one.type = take_word(text);
      one.doc = text;
      function_.results.push_back(one);
      into_ = &function_.results.back().doc;
    } else {
      into_ = &ignored_;
    }
  }

  LuaFunction function_;
  std::string module_, table_;
  std::vector<LuaArgument> fields_;
  std::string ignored_;
  std::string* into_ = &function_.doc;  ///< what the next line of text continues
  bool is_module_ = false, is_local_ = false;
};

}  // namespace

LuaModule documented(std::string_view source) {
  LuaModule module;
  const auto lines = lines_of(source);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = trimmed(lines[i]);
    if (!line.starts_with("---") || line.starts_with("----")) continue;
    Block block;
    block.line(line.substr(3));
    for (++i; i < lines.size(); ++i) {
      line = trimmed(lines[i]);
      if (!line.starts_with("--") || line.starts_with("---")) break;
      block.line(line.substr(line.starts_with("-- ") ? 3 : 2));
    }
    const bool code = i < lines.size() && !line.starts_with("--");
    block.finish(module, code ? line : "");
    if (!code) --i;  // it may begin the next block
  }
  return module;
}

}  // namespace perigee::man
