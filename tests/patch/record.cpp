// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/record.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "node/registry.h"

using namespace perigee;

namespace {

/// Every kind, with values that are hard to write.
Patch many() {
  Patch patch{.nodes = {}, .folder = "/a b/\"c\"", .tempo = 1.0 / 3};
  for (const Spec* spec : all_kinds()) {
    PatchNode node = blank(*spec);
    node.name = "a \"b\"\n";
    node.pin = "ä";
    node.fade = 0.1;
    node.where = {"p.lua", 12};
    if (!node.params.empty()) node.params[0] = std::nextafter(1.0, 2);
    if (node.params.size() > 1) node.params[1] = Source{0, 1, 2, false};
    if (node.params.size() > 2) node.params[2] = -HUGE_VAL;
    if (!node.inputs.empty()) node.inputs[0] = {0, 0, -1, true};
    for (Value& value : node.fixed) {
      if (auto* numbers = std::get_if<std::vector<double>>(&value)) *numbers = {0.1, HUGE_VAL, 1e-300};
      if (auto* points = std::get_if<std::vector<Point>>(&value)) *points = {{0, 0.1, "s"}, {1, -2, "exp"}};
      if (auto* text = std::get_if<std::string>(&value)) *text = "\t/x\\";
    }
    patch.nodes.push_back(node);
  }
  patch.midi.push_back({.name = "keys", .connect = "a2j:*", .where = {"p.lua", 3}, .told = true});
  return patch;
}

std::string mistake(const nlohmann::json& record) {
  try {
    patch_of(record, all_kinds());
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a patch of every kind is read as it was written") {
  const Patch patch = many();
  const std::string text = record_of(patch).dump();
  const Patch read = patch_of(nlohmann::json::parse(text), all_kinds());
  REQUIRE(read.nodes.size() == patch.nodes.size());
  for (std::size_t i = 0; i < read.nodes.size(); ++i) {
    CAPTURE(patch.nodes[i].spec->kind);
    CHECK(read.nodes[i].spec == patch.nodes[i].spec);
    const auto is_missing = [](const Value& value) {
      const auto* number = std::get_if<double>(&value);
      return number != nullptr && std::isnan(*number);  // and equals nothing
    };
    if (std::ranges::none_of(patch.nodes[i].fixed, is_missing)) CHECK(read.nodes[i] == patch.nodes[i]);
    CHECK(std::ranges::any_of(read.nodes[i].fixed, is_missing) ==
          std::ranges::any_of(patch.nodes[i].fixed, is_missing));
  }
  CHECK(record_of(read).dump() == text);
  REQUIRE(read.midi.size() == 1);
  CHECK(read.midi[0].name == "keys");
  CHECK(read.midi[0].connect == "a2j:*");
  CHECK(read.midi[0].where == Place{"p.lua", 3});
  CHECK(read.midi[0].told);
  CHECK(read.folder == patch.folder);
  CHECK(read.tempo == patch.tempo);
}

TEST_CASE("what is no patch is refused, whatever is missing or of another type") {
  const auto whole = record_of(many());
  auto one = whole;
  one["nodes"][3]["kind"] = "sweap";
  CHECK(mistake(one) == "there is no kind of node \"sweap\"");
  one = whole;
  one["nodes"][3]["in"] = {{100000, 0, -1, true}};
  CHECK(mistake(one) == "a wire comes from nowhere");
  one["nodes"][3]["in"] = {{whole["nodes"].size(), 0, -1, true}};
  CHECK(mistake(one) == "a wire comes from nowhere");
  for (std::size_t i = 0; i < whole["nodes"].size(); ++i) {
    const auto& node = whole["nodes"][i];
    CAPTURE(node["kind"].dump());
    for (const std::string list : {"in", "params", "fixed"}) {
      if (node[list].empty()) continue;
      one = whole;
      one["nodes"][i][list].erase(0);
      CHECK(mistake(one).ends_with("of line 12 is none"));
    }
    if (node["fixed"].empty()) continue;
    one = whole;
    one["nodes"][i]["fixed"][0] = {{"points", {{0.0, 0.0, "lin"}}}};
    if (!node["fixed"][0].contains("points")) CHECK(mistake(one).ends_with("of line 12 is none"));
  }
  one = whole;
  one["nodes"][3]["params"] = nlohmann::json::array();
  CHECK(mistake(one).ends_with("of line 12 is none"));
  for (const auto& [key, value] : whole.items()) {
    CAPTURE(key);
    one = whole;
    one.erase(key);
    CHECK(mistake(one) != "none");
    one[key] = nullptr;
    if (!value.is_array()) CHECK(mistake(one) != "none");
  }
}
