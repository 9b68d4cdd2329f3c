// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/pointwise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the sum"}};
constexpr Param params[] = {
    {"by", Unit::none, -kNoLimit, kNoLimit, kRequired, "what to add", Change::ramp, true}};

using Kernel = PointwiseKernel<dsp::Operation::add>;

}  // namespace

PERIGEE_NODE(add) = {
    .kind = "add",
    .group = "level and routing",
    .doc = "adds a number or a signal: a + b",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .bank = make_bank<Kernel>,
};
