// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/lfo.h"

#include <algorithm>

#include "node/lanewise.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "−1 … 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -1000, 1000, 1, "speed; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
};
/// In the order of dsp::Shape.
constexpr std::string_view shapes[] = {"sine", "triangle", "saw", "square"};
constexpr Fixed fixed[] = {
    choice("shape", shapes, "sine",
           "sine and triangle start at 0 and rise; saw rises from −1 to 1; square is 1, then −1; edges are "
           "not rounded"),
    number("beats", Unit::beats, 0, 1e6, 0,
           "a cycle's length in beats of the tempo, instead of hz; 0: by hz"),
};

struct Kernel {
  using Lane = dsp::LfoLane;
  explicit Kernel(const Setup& setup)
      : shape(static_cast<dsp::Shape>(std::ranges::find(shapes, setup.text(0)) - shapes)), rate(setup.rate) {
    if (setup.number(1) > 0) cycles = setup.tempo / (60 * setup.number(1) * setup.rate);
  }
  bool operator()(std::span<const Lane> lanes, int frames, bool) const noexcept {
    dsp::lfo(shape, lanes, rate, cycles, frames);
    return true;
  }
  bool operator==(const Kernel&) const = default;
  dsp::Shape shape;
  double rate;
  double cycles = 0;  ///< a frame, by the tempo; 0: by hz
};

}  // namespace

PERIGEE_NODE(lfo) = {
    .kind = "lfo",
    .group = "sources",
    .doc = "a slow oscillation, for moving parameters",
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Lanewise<Kernel>>,
    .memory = Lanewise<Kernel>::memory,
    .control = true,
    .bank = make_bank<Kernel>,
};
