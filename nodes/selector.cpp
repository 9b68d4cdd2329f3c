// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/held_value.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the value"}};
constexpr Param params[] = {{"value", Unit::none, -kNoLimit, kNoLimit, kRequired,
                             "what comes out; a change is no ramp", Change::step}};

}  // namespace

PERIGEE_NODE(selector) = {
    .kind = "selector",
    .group = "sources",
    .doc = "a number as a signal that changes at once: for what counts, as the index of a switch",
    .out = out,
    .params = params,
    .make = make<HeldValue>,
    .control = true,
};
