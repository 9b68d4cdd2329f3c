// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/oscillator.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "−1 … 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -96000, 96000, 440, "pitch; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
};

using Kernel = OscillatorKernel<dsp::Wave::sine>;

}  // namespace

PERIGEE_NODE(sine) = {
    .kind = "sine",
    .group = "sources",
    .doc = "a sine wave",
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .bank = make_bank<Kernel>,
};
