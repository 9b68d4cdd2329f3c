// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <nlohmann/json.hpp>

#include "picture/picture.h"
#include "text/json_text.h"

namespace perigee {

std::string json_of(const Picture& picture) {
  using Json = nlohmann::ordered_json;
  Json json;
  const auto whole = static_cast<Frames>(picture.rate);
  json["rate"] = static_cast<double>(whole) == picture.rate ? Json(whole) : Json(picture.rate);
  json["latency"] = picture.latency;
  if (const auto& times = picture.times)
    json["times"] = {{"chunk", kChunk},
                     {"ns_per_chunk", times->ns_a_chunk},
                     {"ns_per_reading", times->ns_a_reading},
                     {"readings_per_chunk", times->readings},
                     {"chunks", times->chunks},
                     {"machine", times->machine},
                     {"instructions", times->instructions}};
  for (const char* list : {"nodes", "wires", "outputs"}) json[list] = Json::array();
  for (const auto& node : picture.nodes) {
    json["nodes"].push_back({{"id", node.id},
                             {"name", node.name},
                             {"kind", node.kind},
                             {"lanes", node.lanes},
                             {"latency", node.latency},
                             {"arrival", node.arrival},
                             {"order", node.order}});
    if (picture.times) json["nodes"].back()["ns_per_chunk"] = node.ns;
  }
  for (const auto& wire : picture.wires)
    json["wires"].push_back({{"from", picture.nodes[wire.from].id},
                             {"to", picture.nodes[wire.to].id},
                             {"port", wire.port},
                             {"delay", wire.delay},
                             {"compensated", wire.compensated}});
  for (const auto& output : picture.outputs)
    json["outputs"].push_back(
        {{"port", output.port}, {"latency_min", output.latency.min}, {"latency_max", output.latency.max}});
  for (const auto& route : picture.routes) json["routes"].push_back({{"from", route.from}, {"to", route.to}});
  return json_text(json, 2) + "\n";
}

}  // namespace perigee
