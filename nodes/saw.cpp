// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <vector>

#include "dsp/oscillator.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "rises from −1 to 1 in each cycle"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -96000, 96000, 440, "pitch; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
};

class Saw final : public Node {
 public:
  explicit Saw(const Setup& setup) : per_frame_(1 / setup.rate), oscillators_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      float* out = io.out[0][lane];
      oscillators_[lane].run(
          io.param[0][lane], io.param[1][lane], per_frame_, io.frames,
          [out](int i, dsp::Turn turn, const dsp::Stride& stride) { out[i] = dsp::saw(turn, stride); });
    }
  }
  void reset() noexcept override { std::ranges::fill(oscillators_, dsp::Oscillator()); }

 private:
  double per_frame_;
  std::vector<dsp::Oscillator> oscillators_;
};

}  // namespace

PERIGEE_NODE(saw) = {
    .kind = "saw",
    .group = "sources",
    .doc = "a sawtooth wave, band-limited",
    .out = out,
    .params = params,
    .make = make<Saw>,
};
