// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "patch/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "patch/spillover.h"

namespace perigee {

namespace {

/// No bundle is wider: a cycle of joins would otherwise grow for ever.
constexpr unsigned kMostLanes = 65536;

unsigned width(const std::vector<Shape>& all, const Source& source) {
  if (source.node == kNoNode || source.lane >= 0) return 1;
  return all[source.node].lanes;
}

/// Whether a kind may be asked about its fixed values: numbers that validation will refuse are not shown to
/// it.
bool fixed_values_fit(const PatchNode& node) {
  for (std::size_t i = 0; i < node.fixed.size(); ++i) {
    const auto* number = std::get_if<double>(&node.fixed[i]);
    const Fixed& fixed = node.spec->fixed[i];
    if (number != nullptr && !(*number >= fixed.min && *number <= fixed.max)) return false;
  }
  return true;
}

/// Fills in one node's shape from those of its sources; says whether its outputs changed.
bool measure(const Patch& patch, NodeId id, std::vector<Shape>& all, double rate) {
  const PatchNode& node = patch.nodes[id];
  Shape& shape = all[id];
  for (std::size_t i = 0; i < node.inputs.size(); ++i) shape.in_lanes[i] = width(all, node.inputs[i]);
  for (std::size_t i = 0; i < node.params.size(); ++i) {
    const auto* source = std::get_if<Source>(&node.params[i]);
    shape.param_lanes[i] = source == nullptr ? 1 : width(all, *source);
  }
  const auto is_voices = [&](const Source& source) {
    return source.node != kNoNode && source.lane < 0 && all[source.node].voices;
  };
  shape.hears_voices = !node.inputs.empty() && is_voices(node.inputs[0]);
  if (!fixed_values_fit(node)) return false;
  const unsigned before = shape.lanes;
  const bool were_voices = shape.voices;
  shape.lanes = std::clamp(node.spec->lanes(setup_of(patch, id, shape, rate)), 1U, kMostLanes);
  // What hears a MIDI port gives a lane to each note; what is made of it lane by lane is voices, too.
  const auto gives = [&](const Source& source) {
    return is_voices(source) && width(all, source) == shape.lanes;
  };
  const auto is_given = [&](const Setting& setting) {
    const auto* source = std::get_if<Source>(&setting);
    return source != nullptr && gives(*source);
  };
  shape.voices = node.spec->hears >= 0 ||
                 (!node.spec->any_lanes &&
                  (std::ranges::any_of(node.inputs, gives) || std::ranges::any_of(node.params, is_given)));
  return shape.lanes != before || shape.voices != were_voices;
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
  std::vector<Shape> all(patch.nodes.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].in_lanes.assign(patch.nodes[i].inputs.size(), 1);
    all[i].param_lanes.assign(patch.nodes[i].params.size(), 1);
  }
  // Nodes mostly follow their sources, so one pass settles all but what goes around.
  bool changed = true;
  for (int pass = 0; changed && pass < 64; ++pass) {
    changed = false;
    for (NodeId id = 0; id < all.size(); ++id) changed |= measure(patch, id, all, rate);
  }
  for (NodeId id = 0; id < all.size(); ++id) {
    if (changed && patch.nodes[id].spec->role == Role::feedback)
      mistakes.push_back(
          mistake_of(patch, id, "its lanes grow each time around: fold them with mix() on the way"));
    check_lanes(patch, id, all, mistakes);
    if (!fixed_values_fit(patch.nodes[id])) continue;
    all[id].latency = std::max<Frames>(0, patch.nodes[id].spec->latency(setup_of(patch, id, all[id], rate)));
  }
  return all;
}

}  // namespace perigee
