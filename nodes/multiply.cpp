// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/pointwise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the product"}};
constexpr Param params[] = {{"by", Unit::none, -kNoLimit, kNoLimit, kRequired, "factor", Change::ramp, true}};

using Kernel = PointwiseKernel<dsp::Operation::multiply>;

}  // namespace

PERIGEE_NODE(multiply) = {
    .kind = "multiply",
    .group = "level and routing",
    .doc = "multiplies by a number or a signal, a linear gain: a * b",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .factor = [](float by, unsigned) { return by; },
    .bank = make_bank<Kernel>,
};
