// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <cmath>
#include <nlohmann/json.hpp>

#include "node/describe.h"
#include "node/facts.h"
#include "text/json_text.h"

namespace perigee {

namespace {

using Json = nlohmann::ordered_json;

Json finite(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

std::string_view name_of(Fixed::Type type) {
  switch (type) {
    case Fixed::Type::number:
      return "number";
    case Fixed::Type::text:
      return "text";
    case Fixed::Type::choice:
      return "choice";
    case Fixed::Type::numbers:
      return "numbers";
    case Fixed::Type::points:
      return "points";
  }
  return "";
}

Json ports(std::span<const Port> all) {
  Json json = Json::array();
  for (const Port& port : all)
    json.push_back(
        {{"name", port.name}, {"doc", port.doc}, {"many", port.many}, {"optional", port.optional}});
  return json;
}

Json param(const Param& one) {
  return {{"name", one.name},
          {"unit", symbol(one.unit)},
          {"min", finite(one.min)},
          {"max", finite(one.max)},
          {"default", finite(one.initial)},
          {"allowed", range_of(one.min, one.max, one.unit)},
          {"change", one.change == Change::ramp ? "ramp" : "step"},
          {"doc", one.doc}};
}

Json fixed(const Fixed& one) {
  const bool number = one.type == Fixed::Type::number;
  const bool text = one.type == Fixed::Type::text || one.type == Fixed::Type::choice;
  Json json{{"name", one.name}, {"type", name_of(one.type)}, {"unit", symbol(one.unit)}};
  json["min"] = number ? finite(one.min) : Json(nullptr);
  json["max"] = number ? finite(one.max) : Json(nullptr);
  json["default"] = one.required ? Json(nullptr)
                    : number     ? finite(one.number)
                    : text       ? Json(one.text)
                                 : Json(nullptr);
  json["allowed"] = allowed(one);
  json["choices"] = Json::array();
  for (const auto choice : one.choices) json["choices"].push_back(choice);
  json["required"] = one.required;
  json["doc"] = one.doc;
  return json;
}

Json kind(const Spec& spec) {
  Json json{{"kind", spec.kind}, {"group", spec.group}, {"doc", spec.doc}, {"usage", usage(spec)}};
  json["arguments"] = positional(spec);
  json["inputs"] = ports(spec.in);
  json["outputs"] = ports(spec.out);
  for (const char* list : {"parameters", "fixed", "readings"}) json[list] = Json::array();
  for (const auto& one : spec.params) json["parameters"].push_back(param(one));
  for (const auto& one : spec.fixed) json["fixed"].push_back(fixed(one));
  for (const auto& one : spec.readings)
    json["readings"].push_back({{"name", one.name}, {"unit", symbol(one.unit)}, {"doc", one.doc}});
  const LatencyFacts latency = latency_facts(spec);
  json["latency"] = {{"frames", latency.usual}, {"depends_on", latency.depends_on}};
  return json;
}

}  // namespace

std::string describe_json(const Spec& spec) { return json_text(kind(spec), 2) + "\n"; }

std::string describe_json(std::span<const Spec* const> kinds) {
  Json all = Json::array();
  for (const Spec* spec : kinds) all.push_back(kind(*spec));
  return json_text(all, 2) + "\n";
}

}  // namespace perigee
