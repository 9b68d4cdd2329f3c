// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/shift.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "signal, later"}};
constexpr Fixed fixed[] = {
    number("frames", Unit::frames, 0, 1 << 22, kRequired, "of latency, a whole number")};

}  // namespace

PERIGEE_NODE(lag) = {
    .kind = "lag",
    .group = "time",
    .doc = "stands for gear whose latency is known: a delay in frames that all other paths are lined up with",
    .in = in,
    .out = out,
    .fixed = fixed,
    .make = make<Shift>,
    .latency = [](const Setup& setup) { return static_cast<Frames>(setup.number(0)); },
    .memory = Shift::memory,
    .check = Shift::check,
    .in_place = true,
};
