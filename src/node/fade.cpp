// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/fade.h"

#include "dsp/equal_power.h"

namespace perigee {

namespace {

constexpr Port ins[] = {{"from", "what goes", false, true}, {"to", "what comes", false, true}};
constexpr Port outs[] = {{"out", "the one, then the other"}};
constexpr Fixed fixed[] = {
    number("frames", Unit::frames, 1, 1e9, 480, "of the exchange"),
    number("wait", Unit::frames, 0, 1e9, 0, "before it"),
    number("linear", Unit::none, 0, 1, 0, "1: the gains add up to one; 0: the powers do"),
};

class Fade final : public Node {
 public:
  explicit Fade(const Setup& setup)
      : frames_(static_cast<Frames>(setup.number(kFadeFrames))),
        wait_(static_cast<Frames>(setup.number(kFadeWait))),
        linear_(setup.number(kFadeLinear) != 0) {}

  void process(const Block& io) noexcept override {
    const Signal &from = io.in[0], &to = io.in[1];
    const bool linear = linear_ || !from.wired || !to.wired;
    for (int i = 0; i < io.frames; ++i) {
      const dsp::Shares share = shares(time_ + i, linear);
      for (unsigned lane = 0; lane < io.out[0].lanes; ++lane)
        io.out[0][lane][i] = share.first == 0    ? to[lane][i]
                             : share.second == 0 ? from[lane][i]
                                                 : from[lane][i] * share.first + to[lane][i] * share.second;
    }
    time_ += io.frames;
  }
  /// What came out was not finite, so what goes in is to blame; the exchange goes on.
  void reset() noexcept override {}

 private:
  dsp::Shares shares(Frames time, bool linear) const {
    if (time < wait_) return {1, 0};
    if (time >= wait_ + frames_) return {0, 1};
    // Half a cosine: no corner at either end.
    const float turn =
        dsp::sine(0.25F * static_cast<float>(time - wait_ + 1) / static_cast<float>(frames_ + 1));
    const float part = turn * turn;
    return linear ? dsp::Shares{1 - part, part} : dsp::equal_power(part);
  }

  Frames frames_, wait_;
  bool linear_;
  Frames time_ = 0;
};

}  // namespace

const Spec fade_spec = {
    .kind = "fade",
    .group = "edits",
    .doc = "one signal goes, the other comes",
    .in = ins,
    .out = outs,
    .fixed = fixed,
    .make = make<Fade>,
};

}  // namespace perigee
