// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/filter.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "all but what lies around the cutoff"}};
constexpr Param params[] = {
    {"cutoff", Unit::hz, 1, 96000, 1000, "centre, which is silenced; at most 0.49 of the rate"},
    {"q", Unit::none, 0.1, 100, 0.7071, "centre over width: more is narrower"},
};

using Kernel = FilterKernel<dsp::Response::notch>;

}  // namespace

PERIGEE_NODE(notch) = {
    .kind = "notch",
    .group = "filters",
    .doc = "removes what lies around a frequency",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
