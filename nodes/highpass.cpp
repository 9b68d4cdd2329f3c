// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/filter.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "what lies above the cutoff"}};
constexpr Param params[] = {
    {"cutoff", Unit::hz, 1, 96000, 1000, "−3 dB with the default q; at most 0.49 of the rate"},
    {"q", Unit::none, 0.1, 100, 0.7071, "gain at the cutoff; 0.7071 has no peak"},
};

using Kernel = FilterKernel<dsp::Response::highpass>;

}  // namespace

PERIGEE_NODE(highpass) = {
    .kind = "highpass",
    .group = "filters",
    .doc = "keeps what lies above a frequency: 12 dB an octave",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
