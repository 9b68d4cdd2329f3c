// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Fixed fixed[] = {
    text("name", "", "what its JACK ports are called: NAME, or NAME_1, NAME_2 … for several lanes", true),
    text("connect", "", "keep connected to the ports that match, as in system:playback_*"),
};

}  // namespace

PERIGEE_NODE(output) = {
    .kind = "output",
    .group = "sources",
    .doc = "sound to JACK, or to a file when rendering",
    .in = in,
    .fixed = fixed,
    .sink = true,
    .role = Role::output,
    .args = "name in connect",
};
