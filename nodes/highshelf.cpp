// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/filter.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "signal, louder or softer above the cutoff"}};
constexpr Param params[] = {
    {"cutoff", Unit::hz, 1, 96000, 1000, "where half the gain in dB is reached; at most 0.49 of the rate"},
    {"gain", Unit::db, -60, 60, 0, "far above the cutoff"},
    {"q", Unit::none, 0.1, 100, 0.7071, "steepness; above 0.7071 it overshoots"},
};

using Kernel = FilterKernel<dsp::Response::highshelf>;

}  // namespace

PERIGEE_NODE(highshelf) = {
    .kind = "highshelf",
    .group = "filters",
    .doc = "raises or lowers what lies above a frequency",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
