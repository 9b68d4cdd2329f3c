// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kinds whose lanes are linked: one gain, or one room, serves them all, so that a stereo image stays where it
// is.

#pragma once

#include <fmt/format.h>

#include "node/spec.h"

namespace perigee {

/// The mistake of giving such a kind a parameter for each lane.
inline std::string linked_mistake(const Setup& setup, std::span<const Param> params,
                                  std::string_view what = "one gain") {
  for (std::size_t i = 0; i < params.size(); ++i)
    if (setup.param_lanes[i] > 1)
      return fmt::format("{} has {} lanes, but {} serves all lanes: take one with [n]", params[i].name,
                         setup.param_lanes[i], what);
  return {};
}

}  // namespace perigee
