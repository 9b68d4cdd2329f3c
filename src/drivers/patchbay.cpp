// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/patchbay.h"

#include <fmt/format.h>
#include <fnmatch.h>

namespace perigee {

bool matches(const std::string& pattern, const std::string& name) {
  return name == pattern || fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::string carry_out(const WireOrder& order, Patchbay& patchbay) {
  const std::string_view what = order.connect ? "jack.connect" : "jack.disconnect";
  for (const std::string& port : {order.from, order.to})
    if (!patchbay.has(port)) return fmt::format("{}: there is no port \"{}\"", what, port);
  const PortWire wire{order.from, order.to};
  if (!order.connect) {
    patchbay.disconnect(wire);  // if they were not connected, all is well
    return {};
  }
  if (patchbay.connect(wire) != Patchbay::Connected::not_at_all) return {};
  return fmt::format("{}: the server does not connect \"{}\" to \"{}\"", what, order.from, order.to);
}

}  // namespace perigee
