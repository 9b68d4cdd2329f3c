// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A feedback delay network: J.-M. Jot, A. Chaigne, "Digital delay networks for designing artificial
// reverberators", 1991. Nothing that moves it can make energy: the matrix is orthogonal, the lines keep their
// lengths, and the absorbent filters are rotations.

#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/frames.h"
#include "dsp/hadamard.h"
#include "dsp/power.h"

namespace perigee::dsp {

class FeedbackDelayNetwork {
 public:
  static constexpr unsigned kLines = 16;
  using Frame = float[kLines];  ///< of every line

  /// Lines from `shortest` to `longest` seconds in equal ratios, but prime in frames: no two echo together. A
  /// chunk passes within none.
  FeedbackDelayNetwork(double shortest, double longest, double rate)
      : high_(1 - std::cos(2 * 3.14159265358979F * 8000 / static_cast<float>(rate))) {
    lines_.reserve(kLines);
    for (unsigned i = 0; i < kLines; ++i) lines_.emplace_back(length(i, shortest, longest, rate));
  }
  /// Bytes that it takes besides itself.
  static std::size_t memory(double shortest, double longest, double rate) {
    std::size_t frames = 0;
    for (unsigned i = 0; i < kLines; ++i)
      frames += static_cast<std::size_t>(length(i, shortest, longest, rate));
    return kLines * sizeof(Line) + frames * sizeof(float);
  }

  /// How an amplitude changes at 0 Hz, in octaves a frame, below 0; at 8 kHz `excess` times that comes on
  /// top.
  void set_decay(float octaves, float excess) {
    passed_ = 0;
    for (unsigned i = 0; i < kLines; ++i) {
      const float pass = octaves * static_cast<float>(lines_[i].length());
      const float gain = exp2(pass);
      passed_ += gain * gain / kLines;
      // The one-pole low-pass whose gain at 8 kHz is r, as one_pole.h does for r² = ½. Its cutoff stays above
      // 1 kHz, lest it shorten the low end too.
      const float r = std::max(exp2(pass * excess), 0.125F), k = r * r * high_ / (1 - r * r);
      const float pole = 1 / (1 + k + std::sqrt(k * (k + 2)));
      held_[i] = std::sqrt(pole);
      through_[i] = std::sqrt(1 - pole);
      out_[i] = gain * through_[i];
    }
  }
  /// The part of its energy that a sound at 0 Hz keeps in a pass through all lines.
  float passed() const { return passed_; }

  // A chunk of up to kChunk frames: what comes out of the lines; each frame in turn absorbed, added to, and
  // mixed; then what goes into the lines.

  void read(Frame* x, int frames) const {
    for (unsigned i = 0; i < kLines; ++i) lines_[i].read(x, i, frames);
  }
  /// y = pole·y + (1 − pole)·x, its state scaled by √(pole/(1 − pole)): so written it is a projection, and
  /// holds no more than it was given however the pole moves.
  void absorb(Frame& x) {
    for (unsigned i = 0; i < kLines; ++i) {
      const float both = held_[i] * filters_[i] + through_[i] * x[i];
      filters_[i] = held_[i] * both;
      x[i] = out_[i] * both;
    }
  }
  static void mix(Frame& x) { hadamard(x); }
  void write(const Frame* x, int frames) {
    for (unsigned i = 0; i < kLines; ++i) lines_[i].write(x, i, frames);
  }

  void reset() {
    for (Line& line : lines_) line.reset();
    std::ranges::fill(filters_, 0.F);
  }

 private:
  /// Keeps its length. What was before a reset reads as silence.
  class Line {
   public:
    explicit Line(int frames) : memory_(static_cast<std::size_t>(frames)) {}

    /// The next `frames` that come out, which are at most the length.
    void read(Frame* to, unsigned line, int frames) const {
      for (int i = 0, at = place_; i < frames; ++i, at = after(at))
        to[i][line] = fresh_ + i < length() ? 0 : memory_[static_cast<std::size_t>(at)];
    }
    /// What goes in at the same time.
    void write(const Frame* from, unsigned line, int frames) {
      for (int i = 0; i < frames; ++i, place_ = after(place_))
        memory_[static_cast<std::size_t>(place_)] = from[i][line];
      fresh_ = std::min(fresh_ + frames, length());
    }
    void reset() { fresh_ = 0; }
    int length() const { return static_cast<int>(memory_.size()); }

   private:
    int after(int at) const { return at + 1 == length() ? 0 : at + 1; }

    std::vector<float> memory_;
    int place_ = 0, fresh_ = 0;  ///< written since the reset, up to the length
  };

  static int length(unsigned line, double shortest, double longest, double rate) {
    const double seconds = shortest * std::pow(longest / shortest, line / (kLines - 1.0));
    return prime(std::max(static_cast<int>(seconds * rate), kChunk));
  }

  /// The next prime.
  static int prime(int n) {
    const auto is_prime = [](int x) {
      for (int k = 2; k * k <= x; ++k)
        if (x % k == 0) return false;
      return true;
    };
    while (!is_prime(n)) ++n;
    return n;
  }

  Frame held_ = {}, through_ = {};  ///< cosine and sine of the filter's rotation: held² is its pole
  Frame out_ = {};                  ///< the sine times the gain of a pass at 0 Hz
  Frame filters_ = {};
  std::vector<Line> lines_;
  float high_, passed_ = 0;
};

}  // namespace perigee::dsp
