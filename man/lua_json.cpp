// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes as JSON what the comments of the Lua sources document: an array of modules.

#include <fmt/format.h>

#include <exception>
#include <nlohmann/json.hpp>

#include "ldoc.h"
#include "mdoc.h"

namespace {

using namespace perigee::man;
using Json = nlohmann::ordered_json;

Json list_of(const std::vector<LuaArgument>& arguments) {
  Json json = Json::array();
  for (const LuaArgument& one : arguments)
    json.push_back({{"name", one.name}, {"type", one.type}, {"doc", one.doc}, {"optional", one.optional}});
  return json;
}

Json module_in(const char* file) {
  const LuaModule module = documented(file_text(file));
  Json json{{"module", module.name}, {"doc", module.doc}, {"fields", list_of(module.fields)}};
  json["functions"] = json["tables"] = Json::array();
  for (const LuaFunction& one : module.functions)
    json["functions"].push_back({{"name", one.name},
                                 {"doc", one.doc},
                                 {"arguments", list_of(one.arguments)},
                                 {"results", list_of(one.results)},
                                 {"overloads", one.overloads}});
  for (const LuaTable& one : module.tables)
    json["tables"].push_back({{"name", one.name}, {"doc", one.doc}, {"fields", list_of(one.fields)}});
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Json all = Json::array();
    for (int i = 1; i < argc; ++i) all.push_back(module_in(argv[i]));
    fmt::print("{}\n", all.dump(2));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", argv[0], error.what());
    return 1;
  }
}
