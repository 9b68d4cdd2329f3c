// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "picture/picture.h"
#include "text/printable.h"

namespace perigee {

namespace {

std::string compensation(const Picture::Wire& wire) {
  if (wire.closes) return "feedback";
  if (wire.nocomp) return "nocomp";
  return wire.delay > 0 ? fmt::format("+{}", wire.delay) : "";
}

std::string range(const Latency& latency, double rate) {
  if (latency.min == latency.max) return in_frames(latency.min, rate);
  return fmt::format("{} to {}", in_frames(latency.min, rate), in_frames(latency.max, rate));
}

}  // namespace

std::string text_of(const Picture& picture) {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "latency {} at {:.6g} Hz\n", in_frames(picture.latency, picture.rate), picture.rate);

  std::size_t name = 4, kind = 4;
  for (const auto& node : picture.nodes) {
    name = std::max(name, characters(node.id));
    kind = std::max(kind, node.kind.size());
  }
  if (!picture.nodes.empty())
    fmt::format_to(out, "\n{:>5}  {:{}}  {:{}}  {:>5}  {:>7}  {:>7}\n", "order", "node", name, "kind", kind,
                   "lanes", "latency", "arrival");
  for (const auto& node : picture.nodes)
    fmt::format_to(out, "{:>5}  {:{}}  {:{}}  {:>5}  {:>7}  {:>7}\n", node.order, node.id, name, node.kind,
                   kind, node.lanes, node.latency, node.floats ? "any" : fmt::format("{}", node.arrival));

  std::size_t wide = 0, deep = 0;
  std::vector<std::string> ends, delays;
  for (const auto& wire : picture.wires) {
    ends.push_back(
        fmt::format("{} → {}.{}", source_name(picture, wire), picture.nodes[wire.to].id, wire.port));
    delays.push_back(compensation(wire));
    wide = std::max(wide, characters(ends.back()));
    deep = std::max(deep, delays.back().size());
  }
  if (!ends.empty()) fmt::format_to(out, "\nwires\n");
  for (std::size_t i = 0; i < ends.size(); ++i) {
    fmt::format_to(out, "  {:{}}", ends[i], delays[i].empty() ? 0 : wide);
    if (!delays[i].empty()) fmt::format_to(out, "  {:>{}}", delays[i], deep);
    const std::string& path = picture.wires[i].forced_by;
    if (!path.empty()) fmt::format_to(out, "  waits for {}", path);
    text += '\n';
  }

  std::size_t port = 0;
  for (const auto& output : picture.outputs) port = std::max(port, characters(output.port));
  if (!picture.outputs.empty()) fmt::format_to(out, "\noutputs\n");
  for (const auto& output : picture.outputs)
    fmt::format_to(out, "  {:{}}  {}\n", output.port, port, range(output.latency, picture.rate));

  if (!picture.routes.empty()) fmt::format_to(out, "\nroutes\n");
  for (const auto& route : picture.routes) fmt::format_to(out, "  {} → {}\n", route.from, route.to);
  return text;
}

}  // namespace perigee
