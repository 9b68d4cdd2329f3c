// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <vector>

#include "dsp/oscillator.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "1 for the first part of a cycle, −1 for the rest; its mean is 2·width − 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -96000, 96000, 440, "pitch; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
    {"width", Unit::cycles, 0, 1, 0.5, "the part of a cycle that is high"},
};

class Pulse final : public Node {
 public:
  explicit Pulse(const Setup& setup) : per_frame_(1 / setup.rate), oscillators_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto width = io.param[2][lane];
      float* out = io.out[0][lane];
      oscillators_[lane].run(io.param[0][lane], io.param[1][lane], per_frame_, io.frames,
                             [out, width](int i, dsp::Turn turn, const dsp::Stride& stride) {
                               out[i] = dsp::pulse(turn, width[i], stride);
                             });
    }
  }
  void reset() noexcept override { std::ranges::fill(oscillators_, dsp::Oscillator()); }

 private:
  double per_frame_;
  std::vector<dsp::Oscillator> oscillators_;
};

}  // namespace

PERIGEE_NODE(pulse) = {
    .kind = "pulse",
    .group = "sources",
    .doc = "a pulse wave, band-limited",
    .out = out,
    .params = params,
    .make = make<Pulse>,
};
