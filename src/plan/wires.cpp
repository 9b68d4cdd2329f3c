// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/wires.h"

#include <fmt/format.h>

namespace perigee {

std::vector<Wire> wires_of(const Patch& patch) {
  std::vector<Wire> wires;
  wires.reserve(patch.nodes.size() * 2);
  for (NodeId id = 0; id < patch.nodes.size(); ++id) {
    const PatchNode& node = patch.nodes[id];
    const bool closes = node.spec->role == Role::feedback;
    for (unsigned i = 0; i < node.inputs.size(); ++i)
      if (node.inputs[i].node != kNoNode)
        wires.push_back({.from = node.inputs[i], .to = id, .index = i, .closes = closes});
    for (unsigned i = 0; i < node.params.size(); ++i)
      if (const auto* source = std::get_if<Source>(&node.params[i]))
        wires.push_back({.from = *source, .to = id, .to_param = true, .index = i});
  }
  return wires;
}

std::string port_name(const Patch& patch, const Wire& wire) {
  const Spec& spec = *patch.nodes[wire.to].spec;
  if (wire.to_param) return std::string(spec.params[wire.index].name);
  const std::size_t last = spec.in.size() - 1;
  if (wire.index < last || !spec.in[last].many) return std::string(spec.in[wire.index].name);
  return fmt::format("{} {}", spec.in[last].name, wire.index - last + 1);
}

}  // namespace perigee
