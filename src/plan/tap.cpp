// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/tap.h"

namespace perigee {

std::vector<std::optional<Tap>> taps_of(const PatchNode& node, std::span<const Wire> wires) {
  std::vector<std::optional<Tap>> taps(node.inputs.size() + node.params.size());
  for (std::size_t i = 0; i < node.inputs.size(); ++i) taps[i] = Tap{};
  for (const Wire& wire : wires)
    taps[wire.to_param ? node.inputs.size() + wire.index : wire.index] = Tap{wire.from, wire.delay};
  return taps;
}

}  // namespace perigee
