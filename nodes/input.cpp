// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "what arrives at the ports"}};
constexpr Fixed fixed[] = {
    text("name", "", "what its JACK ports are called: NAME, or NAME_1, NAME_2 … for several lanes", true),
    number("lanes", Unit::lanes, 1, 1024, 1, "how many ports"),
    text("connect", "", "keep connected to the ports that match, as in system:capture_*"),
};

}  // namespace

PERIGEE_NODE(input) = {
    .kind = "input",
    .group = "sources",
    .doc = "sound from JACK, or from a file when rendering",
    .out = out,
    .fixed = fixed,
    .lanes = [](const Setup& setup) { return static_cast<unsigned>(setup.number(1)); },
    .role = Role::input,
    .args = "name lanes connect",
};
