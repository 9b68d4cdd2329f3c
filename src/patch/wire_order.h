// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>

#include "patch/patch.h"

namespace perigee {

/// What a script asks for once, unlike a route: two of JACK's ports are connected, or disconnected.
struct WireOrder {
  bool connect = true;
  std::string from, to;  ///< full names
  Place where;
  bool operator==(const WireOrder&) const = default;
};

}  // namespace perigee
