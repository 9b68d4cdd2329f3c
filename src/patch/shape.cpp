// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "patch/spillover.h"
#include "patch/widths.h"

namespace perigee {

namespace {

unsigned width(const std::vector<Shape>& all, const Source& source) {
  if (source.node == kNoNode || source.lane >= 0) return 1;
  return all[source.node].lanes;
}

/// What hears a MIDI port gives a lane to each note; what is made of it lane by lane is voices, too.
void find_voices(const Patch& patch, std::vector<Shape>& all) {
  std::vector<NodeId> found;
  const auto add = [&](NodeId id) {
    if (all[id].voices) return;
    all[id].voices = true;
    found.push_back(id);
  };
  for (NodeId id = 0; id < all.size(); ++id)
    if (patch.nodes[id].spec->hears >= 0) add(id);
  if (found.empty()) return;
  std::vector<std::vector<NodeId>> readers(all.size());
  const auto each_source = [&](NodeId id, const auto& see) {
    for (const Source& source : patch.nodes[id].inputs) see(source);
    for (const Setting& setting : patch.nodes[id].params)
      if (const auto* source = std::get_if<Source>(&setting)) see(*source);
  };
  for (NodeId id = 0; id < all.size(); ++id) {
    if (patch.nodes[id].spec->any_lanes) continue;
    each_source(id, [&](const Source& source) {
      if (source.node != kNoNode && source.lane < 0 && all[source.node].lanes == all[id].lanes)
        readers[source.node].push_back(id);
    });
  }
  for (std::size_t next = 0; next < found.size(); ++next)
    for (const NodeId reader : readers[found[next]]) add(reader);
  for (NodeId id = 0; id < all.size(); ++id) {
    const auto& inputs = patch.nodes[id].inputs;
    if (!inputs.empty() && inputs[0].node != kNoNode && inputs[0].lane < 0)
      all[id].hears_voices = all[inputs[0].node].voices;
  }
}

void check_lanes(const Patch& patch, NodeId id, const std::vector<Shape>& all,
                 std::vector<Mistake>& mistakes) {
  const PatchNode& node = patch.nodes[id];
  const Shape& shape = all[id];
  const auto check_lane = [&](const Source& source) {
    if (source.node == kNoNode || source.lane < static_cast<int>(all[source.node].lanes)) return;
    mistakes.push_back(mistake_of(patch, id,
                                  fmt::format("{} has no lane {}: its lanes are 1 to {}",
                                              label(patch, before_gates(patch, source).node), source.lane + 1,
                                              all[source.node].lanes)));
  };
  for (const Source& source : node.inputs) check_lane(source);
  for (const Setting& setting : node.params)
    if (const auto* source = std::get_if<Source>(&setting)) check_lane(*source);

  struct Wide {
    std::string_view name;
    unsigned lanes;
  } first{"", 1};
  const auto meet = [&](std::string_view name, unsigned lanes) {
    if (lanes == 1 || lanes == first.lanes) return;
    if (first.lanes == 1) {
      first = {name, lanes};
      return;
    }
    mistakes.push_back(
        mistake_of(patch, id,
                   fmt::format("{} has {} lanes and {} has {}: one lane meets many, but {} cannot "
                               "meet {}; take lanes with [n], or fold with mix()",
                               first.name, first.lanes, name, lanes, first.lanes, lanes)));
  };
  if (node.spec->any_lanes) return;
  const auto& ports = node.spec->in;
  for (std::size_t i = 0; i < shape.in_lanes.size(); ++i)
    meet(ports[std::min(i, ports.size() - 1)].name, shape.in_lanes[i]);
  for (std::size_t i = 0; i < shape.param_lanes.size(); ++i)
    meet(node.spec->params[i].name, shape.param_lanes[i]);
}

}  // namespace

Setup setup_of(const Patch& patch, NodeId id, const Shape& shape, double rate) {
  return {.rate = rate,
          .lanes = shape.lanes,
          .in_lanes = shape.in_lanes,
          .param_lanes = shape.param_lanes,
          .fixed = patch.nodes[id].fixed,
          .folder = patch.folder,
          .tempo = patch.tempo,
          .ordinal = id,
          .hears_voices = shape.hears_voices};
}

std::vector<Shape> shapes(const Patch& patch, double rate, std::vector<Mistake>& mistakes) {
  const Widths widths = widths_of(patch, rate);
  std::vector<Shape> all(patch.nodes.size());
  for (NodeId id = 0; id < all.size(); ++id) all[id].lanes = widths.lanes[id];
  for (NodeId id = 0; id < all.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    all[id].in_lanes.reserve(node.inputs.size());
    for (const Source& source : node.inputs) all[id].in_lanes.push_back(width(all, source));
    all[id].param_lanes.reserve(node.params.size());
    for (const Setting& setting : node.params) {
      const auto* source = std::get_if<Source>(&setting);
      all[id].param_lanes.push_back(source == nullptr ? 1 : width(all, *source));
    }
  }
  find_voices(patch, all);
  for (const auto& [id, lanes] : widths.wide)
    // What is too long by itself, as a list, its kind tells.
    if (patch.nodes[id].spec->check(setup_of(patch, id, all[id], rate)).empty())
      mistakes.push_back(mistake_of(
          patch, id,
          fmt::format("{} lanes are more than a signal's {}: fold some with mix(), or take lanes with [n]",
                      lanes, kMostLanes)));
  for (const NodeId id : widths.growing)
    mistakes.push_back(
        mistake_of(patch, id, "its lanes grow each time around: fold them with mix() on the way"));
  for (NodeId id = 0; id < all.size(); ++id) {
    check_lanes(patch, id, all, mistakes);
    if (!fixed_values_fit(patch.nodes[id])) continue;
    all[id].latency = std::max<Frames>(0, patch.nodes[id].spec->latency(setup_of(patch, id, all[id], rate)));
  }
  return all;
}

}  // namespace perigee
