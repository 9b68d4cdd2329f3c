// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "picture/picture.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "text/printable.h"

namespace perigee {

namespace {

/// Labels are mostly unique; should two nodes share one, the later gets its number too.
std::vector<std::string> ids(const Patch& patch) {
  std::set<std::string> taken;
  std::vector<std::string> all;
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    std::string text = printable(label(patch, id));
    while (!taken.insert(text).second) text += fmt::format("#{}", id + 1);
    all.push_back(std::move(text));
  }
  return all;
}

}  // namespace

Picture picture_of(const Patch& patch, const Plan& plan, std::span<const double> ns) {
  Picture picture{.rate = plan.rate, .latency = plan.timing.latency};
  const auto names = ids(patch);
  std::vector<std::size_t> place(patch.nodes.size());
  for (const NodeId id : plan.order) {
    const PatchNode& node = patch.nodes[id];
    place[id] = picture.nodes.size();
    picture.nodes.push_back({.id = names[id],
                             .name = printable(node.name),
                             .kind = std::string(node.spec->kind),
                             .lanes = plan.shapes[id].lanes,
                             .latency = plan.shapes[id].latency,
                             .arrival = plan.timing.arrivals[id].at,
                             .floats = plan.timing.arrivals[id].floats,
                             .order = static_cast<unsigned>(place[id] + 1),
                             .ns = ns.empty() ? 0 : ns[id]});
  }

  const WiresTo wires_to(plan.wires, patch.nodes.size());
  const auto heard_late = latencies(patch, plan.shapes, plan.order, plan.wires);
  for (const NodeId id : plan.order) {
    std::string forced_by;
    for (const Wire& wire : wires_to[id]) {
      if (wire.delay > 0 && forced_by.empty())
        forced_by = printable(forcing_path(patch, plan.shapes, wires_to, plan.timing, id));
      const Spec& source = *patch.nodes[wire.from.node].spec;
      picture.wires.push_back(
          {.from = place[wire.from.node],
           .to = place[id],
           .output = std::string(wire.from.output == 0 ? "" : source.out[wire.from.output].name),
           .lane = wire.from.lane,
           .port = port_name(patch, wire),
           .main = !wire.to_param && wire.index == 0,
           .delay = wire.delay,
           .compensated =
               !wire.closes && wire.from.compensated && !plan.timing.arrivals[wire.from.node].floats,
           .nocomp = !wire.from.compensated,
           .closes = wire.closes,
           .forced_by = wire.delay > 0 ? forced_by : ""});
    }
    if (patch.nodes[id].spec->role == Role::output)
      picture.outputs.push_back({printable(std::get<std::string>(patch.nodes[id].fixed[0])), heard_late[id]});
  }
  for (const auto& route : patch.routes)
    picture.routes.push_back({printable(route.from), printable(route.to)});
  return picture;
}

std::string in_frames(Frames frames, double rate) {
  return fmt::format("{} frames ({:.3f} ms)", frames, static_cast<double>(frames) / rate * 1000);
}

std::string source_name(const Picture& picture, const Picture::Wire& wire) {
  std::string name = picture.nodes[wire.from].id;
  if (!wire.output.empty()) name += "." + wire.output;
  if (wire.lane >= 0) name += fmt::format("[{}]", wire.lane + 1);
  return name;
}

}  // namespace perigee
