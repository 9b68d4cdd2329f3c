// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/glide.h"
#include "dsp/phase.h"
#include "dsp/ring.h"
#include "dsp/sine.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr double kLongest = 0.05;  // s, in the middle of its swing
constexpr double kShortest = 2;    // frames: what comes back is not older, and can be read between frames

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the signal and its double, as mix says"}};
constexpr Param params[] = {
    {"rate", Unit::hz, 0, 20, 0.8, "how often the delay swings around time"},
    {"depth", Unit::linear, 0, 1, 0.15, "how far, as a part of time; a change glides"},
    {"feedback", Unit::linear, -0.99, 0.99, 0, "of the double into the delay"},
    {"mix", Unit::linear, 0, 1, 0.5, "0 is the signal alone, 1 the double alone"},
    {"spread", Unit::linear, 0, 1, 0.5,
     "lanes swing one after the other, spread over so much of a cycle: stereo at 0.5 is a quarter cycle "
     "apart"},
    {"time", Unit::seconds, 0.001, kLongest, 0.012, "delay of the double on average; a change glides"},
};
enum { kRate, kDepth, kFeedback, kMix, kSpread, kTime };

struct Voice {
  dsp::Ring ring;
  dsp::Glide middle, swing;  // frames
  std::uint64_t turns = 0;   // 2^64 a cycle
};

class Chorus final : public Node {
 public:
  explicit Chorus(const Setup& setup) : rate_(setup.rate) {
    voices_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane)
      voices_.push_back({.ring = dsp::Ring(longest(setup)),
                         .middle = dsp::Glide(setup.rate),
                         .swing = dsp::Glide(setup.rate)});
  }
  static Bytes memory(const Setup& setup) {
    const Bytes ring = Bytes::block_of<float>(dsp::Ring::frames(longest(setup)));
    return Bytes::of<Chorus>(1) + (Bytes::of<Voice>(1) + ring) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      const auto hz = io.param[kRate][lane], depth = io.param[kDepth][lane],
                 feedback = io.param[kFeedback][lane], mix = io.param[kMix][lane],
                 spread = io.param[kSpread][lane], time = io.param[kTime][lane];
      const float place = static_cast<float>(lane) / static_cast<float>(io.out[0].lanes);
      float* out = io.out[0][lane];
      Voice& voice = voices_[lane];
      std::uint64_t step = step_of(hz[0]);
      double middle = middle_of(time[0]);
      for (int i = 0; i < io.frames; ++i) {
        if (!hz.still) step = step_of(hz[i]);
        if (!time.still) middle = middle_of(time[i]);
        const auto turn = dsp::nearest_turn(voice.turns) + dsp::turn_of(spread[i] * place);
        voice.turns += step;
        const double swing = voice.swing.toward(middle * depth[i]) * dsp::sine(cycles_of(turn));
        const double ago = std::max(voice.middle.toward(middle) + swing, kShortest);
        const float twin = voice.ring.between(ago - 1);  // before the push, the newest frame is one ago
        voice.ring.push(in[i] + std::clamp(feedback[i], -0.99F, 0.99F) * twin);
        out[i] = (1 - mix[i]) * in[i] + mix[i] * twin;
      }
    }
  }
  void reset() noexcept override {
    for (Voice& voice : voices_) {
      voice.ring.reset();
      voice.middle.reset();
      voice.swing.reset();
      voice.turns = 0;
    }
  }

 private:
  static int longest(const Setup& setup) { return static_cast<int>(2 * kLongest * setup.rate) + 3; }
  std::uint64_t step_of(float hz) const { return dsp::step_of(hz / rate_); }
  double middle_of(float seconds) const { return dsp::frames_of(seconds, rate_, kLongest * rate_); }
  /// −½ … ½, as precise as a float is.
  static float cycles_of(dsp::Turn turn) {
    return static_cast<float>(static_cast<std::int32_t>(turn)) * 0x1p-32F;
  }

  double rate_;
  std::vector<Voice> voices_;
};

}  // namespace

PERIGEE_NODE(chorus) = {
    .kind = "chorus",
    .group = "time",
    .doc = "doubles a signal, later by a time that swings, so that the double is now sharp, now flat",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Chorus>,
    .memory = Chorus::memory,
    .in_place = true,
};
