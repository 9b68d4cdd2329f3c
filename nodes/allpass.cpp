// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/filter.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "signal with its phase turned"}};
constexpr Param params[] = {
    {"cutoff", Unit::hz, 1, 96000, 1000, "where the phase is turned by 180°; at most 0.49 of the rate"},
    {"q", Unit::none, 0.1, 100, 0.7071, "steepness of the turn"},
};

using Kernel = FilterKernel<dsp::Response::allpass>;

}  // namespace

PERIGEE_NODE(allpass) = {
    .kind = "allpass",
    .group = "filters",
    .doc = "turns the phase around a frequency and keeps every level",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
