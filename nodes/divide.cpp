// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/pointwise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the quotient; by zero it is infinite, which is silenced and told"}};
constexpr Param params[] = {{"by", Unit::none, -kNoLimit, kNoLimit, kRequired, "divisor"}};

using Kernel = PointwiseKernel<dsp::Operation::divide>;

}  // namespace

PERIGEE_NODE(divide) = {
    .kind = "divide",
    .group = "level and routing",
    .doc = "divides by a number or a signal: a / b",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
