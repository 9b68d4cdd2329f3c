// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <vector>

#include "dsp/phase.h"
#include "dsp/sine.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "−1 … 1"}};
constexpr Param params[] = {
    {"hz", Unit::hz, -1000, 1000, 1, "speed; a negative one runs backwards"},
    {"phase", Unit::cycles, -kNoLimit, kNoLimit, 0, "offset, added to the running phase"},
};
constexpr std::string_view shapes[] = {"sine", "triangle", "saw", "square"};
constexpr Fixed fixed[] = {
    choice("shape", shapes, "sine",
           "sine and triangle start at 0 and rise; saw rises from −1 to 1; square is 1, then −1; edges are "
           "not rounded"),
    number("beats", Unit::beats, 0, 1e6, 0,
           "a cycle's length in beats of the tempo, instead of hz; 0: by hz"),
};

float sine(dsp::Turn turn) { return dsp::quarter_sine(dsp::fold(turn)); }
float triangle(dsp::Turn turn) { return 4 * dsp::fold(turn); }
float saw(dsp::Turn turn) { return 2 * dsp::nearest(turn - dsp::kHalfTurn); }
float square(dsp::Turn turn) { return turn < dsp::kHalfTurn ? 1 : -1; }

class Lfo final : public Node {
 public:
  explicit Lfo(const Setup& setup) : shape_(setup.text(0)), per_frame_(1 / setup.rate), phases_(setup.lanes) {
    if (setup.number(1) > 0) beat_step_ = setup.tempo / (60 * setup.number(1) * setup.rate);
  }

  void process(const Block& io) noexcept override {
    if (shape_ == "sine") run(io, sine);
    if (shape_ == "triangle") run(io, triangle);
    if (shape_ == "saw") run(io, saw);
    if (shape_ == "square") run(io, square);
  }
  void reset() noexcept override { std::ranges::fill(phases_, dsp::Phase()); }

 private:
  template <typename Shape>
  void run(const Block& io, Shape shape) {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto hz = io.param[0][lane], offset = io.param[1][lane];
      float* out = io.out[0][lane];
      dsp::Phase& phase = phases_[lane];
      for (int i = 0; i < io.frames; ++i) {
        out[i] = shape(phase.turn() + dsp::turn_of(offset[i]));
        phase.advance(beat_step_ > 0 ? beat_step_ : hz[i] * per_frame_);
      }
    }
  }

  std::string shape_;
  double per_frame_;
  double beat_step_ = 0;  ///< cycles a frame by the tempo, or 0
  std::vector<dsp::Phase> phases_;
};

}  // namespace

PERIGEE_NODE(lfo) = {
    .kind = "lfo",
    .group = "sources",
    .doc = "a slow oscillation, for moving parameters",
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Lfo>,
};
