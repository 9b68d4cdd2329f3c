// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "node/spillover.h"
#include "patch/checked_json.h"

namespace perigee {

namespace {

using nlohmann::json;

/// JSON has no infinities, and nothing that is no number.
json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

double number_of(const json& value) {
  if (value.is_number()) return value.get<double>();
  const std::string word = text_of(value, "a number", 3 + 1);
  if (word == "nan") return std::nan("");
  if (word != "inf" && word != "-inf") throw std::runtime_error(fmt::format("{} is no number", shown(value)));
  return word == "-inf" ? -HUGE_VAL : HUGE_VAL;
}

json source(const Source& from) {
  if (from.node == kNoNode) return nullptr;
  return {from.node, from.output, from.lane, from.compensated};
}

Source source_of(const json& value, std::size_t nodes) {
  if (value.is_null()) return {};
  const json& wire = list_of(value, "a wire", 4, 4);
  const Source from{static_cast<NodeId>(whole_number(wire[0], "node of a wire", 0, kNoNode)),
                    static_cast<unsigned>(whole_number(wire[1], "output of a wire", 0, INT_MAX)),
                    static_cast<int>(whole_number(wire[2], "lane of a wire", -1, INT_MAX - 1)),
                    yes_or_no(wire[3], "compensation of a wire")};
  if (from.node >= nodes) throw std::runtime_error("a wire comes from nowhere");
  return from;
}

json fixed_value(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return {{"text", *text}};
  if (const auto* one = std::get_if<double>(&value)) return {{"number", number(*one)}};
  json list = json::array();
  if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    for (const double one : *numbers) list.push_back(number(one));
    return {{"numbers", list}};
  }
  for (const Point& point : std::get<std::vector<Point>>(value))
    list.push_back({number(point.time), number(point.value), point.curve});
  return {{"points", list}};
}

Value fixed_value_of(const json& value) {
  if (value.contains("text")) return text_of(value["text"], "text");
  if (value.contains("number")) return number_of(value["number"]);
  if (value.contains("numbers")) {
    std::vector<double> numbers;
    for (const json& one : list_of(value["numbers"], "numbers")) numbers.push_back(number_of(one));
    return numbers;
  }
  std::vector<Point> points;
  for (const json& one : list_of(member_of(value, "points"), "points")) {
    list_of(one, "a point", 3, 3);
    points.push_back({number_of(one[0]), number_of(one[1]), text_of(one[2], "curve of a point")});
  }
  return points;
}

json place(const Place& where) { return {where.file, where.line}; }
Place place_of(const json& value) {
  list_of(value, "a place", 2, 2);
  return {text_of(value[0], "file of a place"),
          static_cast<int>(whole_number(value[1], "line of a place", 0, INT_MAX))};
}

json node_record(const PatchNode& node) {
  json inputs = json::array(), params = json::array(), fixed = json::array();
  for (const Source& input : node.inputs) inputs.push_back(source(input));
  for (const Setting& setting : node.params) {
    const auto* value = std::get_if<double>(&setting);
    params.push_back(value != nullptr ? number(*value) : json{{"from", source(std::get<Source>(setting))}});
  }
  for (const Value& value : node.fixed) fixed.push_back(fixed_value(value));
  json record = {{"kind", node.spec->kind},
                 {"in", inputs},
                 {"params", params},
                 {"fixed", fixed},
                 {"at", place(node.where)}};
  if (!node.name.empty()) record["name"] = node.name;
  if (!node.pin.empty()) record["pin"] = node.pin;
  if (node.fade) record["fade"] = *node.fade;
  return record;
}

PatchNode node_of(const json& record, std::size_t nodes, std::span<const Spec* const> kinds) {
  const std::string kind = text_of(member_of(record, "kind"), "kind");
  const Spec* spec =
      kind == spillover_spec.kind ? &spillover_spec : nullptr;  // gates are in no list of kinds
  if (const auto listed = std::ranges::find(kinds, kind, &Spec::kind); listed != kinds.end()) spec = *listed;
  if (spec == nullptr) throw std::runtime_error(fmt::format("there is no kind of node \"{}\"", kind));
  const auto optional_text = [&](const char* name) {
    return record.contains(name) ? text_of(record[name], name) : std::string();
  };
  PatchNode node{.spec = spec,
                 .name = optional_text("name"),
                 .where = place_of(member_of(record, "at")),
                 .inputs = {},
                 .params = {},
                 .fixed = {},
                 .pin = optional_text("pin"),
                 .fade = {}};
  for (const json& one : list_of(member_of(record, "in"), "in")) node.inputs.push_back(source_of(one, nodes));
  for (const json& one : list_of(member_of(record, "params"), "params")) {
    if (one.is_object())
      node.params.emplace_back(source_of(member_of(one, "from"), nodes));
    else
      node.params.emplace_back(number_of(one));
  }
  for (const json& one : list_of(member_of(record, "fixed"), "fixed"))
    node.fixed.push_back(fixed_value_of(one));
  if (record.contains("fade")) node.fade = number_of(record["fade"]);
  const PatchNode usual = blank(*spec);
  const auto types = [](const PatchNode& one) {
    std::vector<std::size_t> indices;
    for (const Value& value : one.fixed) indices.push_back(value.index());
    return indices;
  };
  if (node.params.size() != usual.params.size() || types(node) != types(usual) ||
      node.inputs.size() < usual.inputs.size())
    throw std::runtime_error(fmt::format("the {} of line {} is none", kind, node.where.line));
  return node;
}

}  // namespace

nlohmann::json record_of(const Patch& patch) {
  json nodes = json::array(), midi = json::array();
  for (const PatchNode& node : patch.nodes) nodes.push_back(node_record(node));
  for (const MidiPort& port : patch.midi)
    midi.push_back({port.name, port.connect, place(port.where), port.told});
  return {{"nodes", nodes}, {"midi", midi}, {"folder", patch.folder.string()}, {"tempo", patch.tempo}};
}

Patch patch_of(const nlohmann::json& record, std::span<const Spec* const> kinds) {
  try {
    Patch patch;
    const json& nodes = list_of(member_of(record, "nodes"), "nodes");
    for (const json& one : nodes) patch.nodes.push_back(node_of(one, nodes.size(), kinds));
    for (const json& one : list_of(member_of(record, "midi"), "midi")) {
      list_of(one, "a MIDI port", 4, 4);
      patch.midi.push_back({.name = text_of(one[0], "name of a MIDI port"),
                            .connect = text_of(one[1], "pattern of a MIDI port"),
                            .where = place_of(one[2]),
                            .told = yes_or_no(one[3], "whether a MIDI port is told")});
    }
    patch.folder = text_of(member_of(record, "folder"), "folder");
    patch.tempo = number_of(member_of(record, "tempo"));
    return patch;
  } catch (const json::exception& error) {
    throw std::runtime_error(fmt::format("it is no patch: {}", error.what()));
  }
}

}  // namespace perigee
