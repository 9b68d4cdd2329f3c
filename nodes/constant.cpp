// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/held_value.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the value"}};
constexpr Param params[] = {{"value", Unit::none, -kNoLimit, kNoLimit, 0, "what comes out"}};

}  // namespace

PERIGEE_NODE(constant) = {
    .kind = "constant",
    .group = "sources",
    .doc = "a number as a signal",
    .out = out,
    .params = params,
    .make = make<HeldValue>,
    .control = true,
};
