// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes perigee-lua(7): the frame, and in it every function that the Lua sources document.

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>

#include "ldoc.h"
#include "mdoc.h"

namespace {

using namespace perigee::man;

std::string call(const LuaFunction& function) {
  std::vector<std::string> names;
  for (const auto& one : function.arguments) {
    // A field of a table argument, as ldoc writes it ("opts.lookahead"), is no argument of its own.
    if (one.name.find('.') == std::string::npos || one.name == "...")
      names.push_back(one.optional ? fmt::format("[{}]", one.name) : one.name);
  }
  // What the sources put into `api` is global in a patch.
  std::string_view name = function.name;
  if (name.starts_with("api.")) name.remove_prefix(4);
  return fmt::format("{}({})", name, fmt::join(names, ", "));
}

std::string typed(const LuaArgument& one) {
  if (one.type.empty() || one.type == "self") return one.doc;
  return one.doc.empty() ? one.type : fmt::format("{} ({})", one.doc, one.type);
}

std::string items(const LuaModule& module) {
  std::string text = ".Bl -tag -width Ds\n";
  const auto out = std::back_inserter(text);
  for (const auto& function : module.functions) {
    fmt::format_to(out, ".It Ic {}\n", argument(call(function)));
    if (!function.doc.empty()) fmt::format_to(out, "{}\n", prose(function.doc));
    const auto told = [](const LuaArgument& one) { return !typed(one).empty(); };
    if (std::ranges::any_of(function.arguments, told)) {
      text += ".Bl -tag -width Ds -compact\n";
      for (const auto& one : function.arguments)
        if (told(one)) fmt::format_to(out, ".It Ar {}\n{}\n", argument(one.name), prose(typed(one)));
      text += ".El\n";
    }
    for (const auto& one : function.results)
      if (told(one)) fmt::format_to(out, ".Pp\nReturns {}\n", prose(typed(one) + "."));
    if (!function.usage.empty()) {
      text += ".Bd -literal\n";
      std::string_view rest = function.usage;
      while (!rest.empty()) {
        const auto end = rest.find('\n');
        fmt::format_to(out, "\\&{}\n", code(rest.substr(0, end)));
        rest.remove_prefix(end + 1);
      }
      text += ".Ed\n";
    }
  }
  return text + ".El\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: {} FRAME FILE.lua... > perigee-lua.7\n", argv[0]);
    return 2;
  }
  try {
    std::string text;
    for (int i = 2; i < argc; ++i) {
      const LuaModule module = documented(file_text(argv[i]));
      if (module.functions.empty()) continue;
      if (!module.doc.empty()) text += ".Pp\n" + prose(module.doc) + "\n";
      text += items(module);
    }
    fmt::print("{}", framed(argv[1], "@FUNCTIONS@", text));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv[0], error.what());
    return 1;
  }
}
