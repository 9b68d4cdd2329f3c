// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "node/spillover.h"

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
  const auto& word = value.get_ref<const std::string&>();
  if (word == "nan") return std::nan("");
  return word == "-inf" ? -HUGE_VAL : HUGE_VAL;
}

json source(const Source& from) {
  if (from.node == kNoNode) return nullptr;
  return {from.node, from.output, from.lane, from.compensated};
}

Source source_of(const json& value, std::size_t nodes) {
  if (value.is_null()) return {};
  const Source from{value.at(0).get<NodeId>(), value.at(1).get<unsigned>(), value.at(2).get<int>(),
                    value.at(3).get<bool>()};
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
  if (value.contains("text")) return value["text"].get<std::string>();
  if (value.contains("number")) return number_of(value["number"]);
  if (value.contains("numbers")) {
    std::vector<double> numbers;
    for (const json& one : value["numbers"]) numbers.push_back(number_of(one));
    return numbers;
  }
  std::vector<Point> points;
  for (const json& one : value.at("points"))
    points.push_back({number_of(one.at(0)), number_of(one.at(1)), one.at(2).get<std::string>()});
  return points;
}

json place(const Place& where) { return {where.file, where.line}; }
Place place_of(const json& value) { return {value.at(0).get<std::string>(), value.at(1).get<int>()}; }

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
  const auto& kind = record.at("kind").get_ref<const std::string&>();
  const Spec* spec =
      kind == spillover_spec.kind ? &spillover_spec : nullptr;  // gates are in no list of kinds
  if (const auto listed = std::ranges::find(kinds, kind, &Spec::kind); listed != kinds.end()) spec = *listed;
  if (spec == nullptr) throw std::runtime_error(fmt::format("there is no kind of node \"{}\"", kind));
  PatchNode node{.spec = spec,
                 .name = record.value("name", ""),
                 .where = place_of(record.at("at")),
                 .inputs = {},
                 .params = {},
                 .fixed = {},
                 .pin = record.value("pin", ""),
                 .fade = {}};
  for (const json& one : record.at("in")) node.inputs.push_back(source_of(one, nodes));
  for (const json& one : record.at("params")) {
    if (one.is_object())
      node.params.emplace_back(source_of(one.at("from"), nodes));
    else
      node.params.emplace_back(number_of(one));
  }
  for (const json& one : record.at("fixed")) node.fixed.push_back(fixed_value_of(one));
  if (record.contains("fade")) node.fade = record["fade"].get<double>();
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
    const json& nodes = record.at("nodes");
    for (const json& one : nodes) patch.nodes.push_back(node_of(one, nodes.size(), kinds));
    for (const json& one : record.at("midi"))
      patch.midi.push_back({.name = one.at(0).get<std::string>(),
                            .connect = one.at(1).get<std::string>(),
                            .where = place_of(one.at(2)),
                            .told = one.at(3).get<bool>()});
    patch.folder = record.at("folder").get<std::string>();
    patch.tempo = record.at("tempo").get<double>();
    return patch;
  } catch (const json::exception& error) {
    throw std::runtime_error(fmt::format("it is no patch: {}", error.what()));
  }
}

}  // namespace perigee
