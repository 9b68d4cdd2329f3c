// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/envelope.h"

#include "node/lanewise.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"gate", "on while above 0.5"}};
constexpr Port out[] = {{"out", "0 … 1"}};
constexpr Param params[] = {
    {"attack", Unit::seconds, 0, 60, 0.005, "from wherever the level is to 1"},
    {"decay", Unit::seconds, 0, 60, 0.1, "from 1 to the sustain level"},
    {"sustain", Unit::linear, 0, 1, 0.7, "level while the gate stays on"},
    {"release", Unit::seconds, 0, 60, 0.2, "from wherever the level is to 0"},
};
constexpr std::string_view curves[] = {"lin", "exp"};
constexpr Fixed fixed[] = {
    choice("curve", curves, "exp", "lin: straight lines; exp: as a capacitor charges and discharges"),
};

struct Kernel {
  using Lane = dsp::EnvelopeLane;
  explicit Kernel(const Setup& setup)
      : curve(setup.text(0) == "lin" ? dsp::Curve::linear : dsp::Curve::exponential), rate(setup.rate) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool) const noexcept {
    dsp::envelope(curve, lanes, rate, frames);
    return true;
  }
  bool operator==(const Kernel&) const = default;
  dsp::Curve curve;
  double rate;
};

}  // namespace

PERIGEE_NODE(adsr) = {
    .kind = "adsr",
    .group = "sources",
    .doc = "an envelope: attack, decay, sustain, release; a new gate goes on from the present level",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .in_place = true,
    .control = true,
    .bank = make_bank<Kernel>,
};
