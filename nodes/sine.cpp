// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "dsp/sine.h"

#include <vector>

#include "dsp/phase.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "−1 … 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -96000, 96000, 440, "pitch; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
};

class Sine final : public Node {
 public:
  explicit Sine(const Setup& setup) : per_frame_(1 / setup.rate), phases_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto hz = io.param[0][lane], offset = io.param[1][lane];
      float* out = io.out[0][lane];
      dsp::Phase& phase = phases_[lane];
      for (int i = 0; i < io.frames; ++i) {
        out[i] = dsp::quarter_sine(dsp::fold(phase.turn() + dsp::turn_of(offset[i])));
        phase.advance(hz[i] * per_frame_);
      }
    }
  }
  void reset() noexcept override { std::ranges::fill(phases_, dsp::Phase()); }

 private:
  double per_frame_;
  std::vector<dsp::Phase> phases_;
};

}  // namespace

PERIGEE_NODE(sine) = {
    .kind = "sine",
    .group = "sources",
    .doc = "a sine wave",
    .out = out,
    .params = params,
    .make = make<Sine>,
};
