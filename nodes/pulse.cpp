// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/oscillator.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "1 for the first part of a cycle, −1 for the rest; its mean is 2·width − 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -96000, 96000, 440, "pitch; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
    {"width", Unit::cycles, 0, 1, 0.5, "the part of a cycle that is high"},
};

using Kernel = OscillatorKernel<dsp::Wave::pulse>;

}  // namespace

PERIGEE_NODE(pulse) = {
    .kind = "pulse",
    .group = "sources",
    .doc = "a pulse wave, band-limited",
    .out = out,
    .params = params,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .bank = make_bank<Kernel>,
};
