// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/shift.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "signal, later"}};
constexpr Fixed fixed[] = {
    number("frames", Unit::frames, 0, 1 << 22, kRequired, "to delay by, a whole number")};

}  // namespace

PERIGEE_NODE(align) = {
    .kind = "align",
    .group = "time",
    .doc = "shifts a path on purpose: a delay in frames that is not compensated",
    .in = in,
    .out = out,
    .fixed = fixed,
    .make = make<Shift>,
    .memory = Shift::memory,
    .check = Shift::check,
    .in_place = true,
};
