// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/fade.h"

#include <algorithm>

#include "dsp/crossfade.h"

namespace perigee {

namespace {

constexpr Port ins[] = {{"from", "what goes", false, true}, {"to", "what comes", false, true}};
constexpr Port outs[] = {{"out", "the one, then the other"}};
constexpr Fixed fade_fixed[] = {
    number("frames", Unit::frames, 1, 1e9, 480, "of the exchange"),
    number("wait", Unit::frames, 0, 1e9, 0, "before it"),
    number("linear", Unit::none, 0, 1, 0, "1: the gains add up to one; 0: the powers do"),
};

class FadeNode final : public Node {
 public:
  explicit FadeNode(const Setup& setup)
      : wait_(static_cast<Frames>(setup.number(kFadeWait))),
        exchange_{.length = static_cast<int>(setup.number(kFadeFrames)),
                  .linear = setup.number(kFadeLinear) != 0} {}

  void process(const Block& io) noexcept override {
    for (int at = 0; at < io.frames;) {
      const Frames left = io.frames - at, done = time_ - wait_;
      const Frames count = done < 0                  ? std::min(left, -done)
                           : done < exchange_.length ? std::min(left, exchange_.length - done)
                                                     : left;
      const int end = at + static_cast<int>(count);
      if (done < 0)
        pass(io, 0, at, end);
      else if (done < exchange_.length)
        exchange(io, static_cast<int>(done), at, end);
      else
        pass(io, 1, at, end);
      time_ += count;
      at = end;
    }
  }
  /// What came out was not finite, so what goes in is to blame; the exchange goes on.
  void reset() noexcept override {}

 private:
  static void pass(const Block& io, unsigned input, int at, int end) {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
      std::copy(io.in[input][lane] + at, io.in[input][lane] + end, io.out[0][lane] + at);
  }
  void exchange(const Block& io, int done, int at, int end) const {
    const bool linear = exchange_.linear || !io.in[0].wired || !io.in[1].wired;
    float first[kChunk], second[kChunk];
    dsp::gains_of({exchange_.length, linear}, done, end - at, first + at, second + at);
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float *from = io.in[0][lane], *to = io.in[1][lane];
      float* out = io.out[0][lane];
      for (int i = at; i < end; ++i) out[i] = from[i] * first[i] + to[i] * second[i];
    }
  }

  Frames wait_, time_ = 0;
  dsp::Crossfade exchange_;
};

}  // namespace

const Spec fade_spec = {
    .kind = "fade",
    .group = "edits",
    .doc = "one signal goes, the other comes",
    .in = ins,
    .out = outs,
    .fixed = fade_fixed,
    .make = make<FadeNode>,
};

}  // namespace perigee
