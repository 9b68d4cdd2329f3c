// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A feedback delay network: J.-M. Jot, A. Chaigne, "Digital delay networks for designing artificial
// reverberators", 1991. Nothing that moves it can make energy: the matrix is orthogonal, the lines keep their
// lengths, and the absorbent filters are rotations.

#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "dsp/glide.h"
#include "dsp/hadamard.h"
#include "dsp/power.h"
#include "dsp/ring.h"
#include "node/linked.h"

namespace {

using namespace perigee;

constexpr unsigned kLines = 16;
constexpr double kShortest = 0.018, kLongest = 0.058;  // s, of the lines
constexpr double kEarly = 0.02;                        // s that a sound takes to enter all lines
constexpr double kPredelay = 0.25;                     // s

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "reverberation, and the signal itself as mix says"}};
constexpr Param params[] = {
    {"size", Unit::linear, 0, 1, 0.5, "falls by 60 dB in 0.2 s · 50^size: 0.2, 1.4, 10 s"},
    {"damping", Unit::linear, 0, 1, 0.3,
     "at 8 kHz that time is 4^−damping of what it is at 0 Hz (below 0.6 s: somewhat more)"},
    {"predelay", Unit::seconds, 0, kPredelay, 0.01, "to the first echo; a change glides, as tape would"},
    {"mix", Unit::linear, 0, 1, 0.3, "0 is the signal alone, 1 the reverberation alone"},
};

using Frame = float[kLines];  ///< of every line

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

/// As long as a line, from the shortest to the longest in equal ratios, but prime: no two echo together.
int prime_length(unsigned line, double rate) {
  const double part = static_cast<double>(line) / (kLines - 1);
  int n = std::max(static_cast<int>(kShortest * std::pow(kLongest / kShortest, part) * rate), kChunk);
  const auto prime = [](int x) {
    for (int k = 2; k * k <= x; ++k)
      if (x % k == 0) return false;
    return true;
  };
  while (!prime(n)) ++n;
  return n;
}

/// When a sound enters a line: one line in each sixteenth of the time, by the golden ratio somewhere in it.
int early_frames(unsigned line, double rate) {
  const double part = line * 0.6180339887498949;
  return static_cast<int>(kEarly * rate * (line + part - std::floor(part)) / kLines);
}

/// What size and damping make of the network.
class Room {
 public:
  explicit Room(double rate, unsigned lanes)
      : rate_(static_cast<float>(rate)),
        share_(1 / std::sqrt(static_cast<float>(lanes))),
        high_(1 - std::cos(2 * 3.14159265358979F * 8000 / rate_)) {
    for (unsigned i = 0; i < kLines; ++i) {
      frames[i] = prime_length(i, rate);
      early[i] = early_frames(i, rate);
    }
  }

  std::array<int, kLines> frames, early;
  Frame enter = {};               ///< gain on the way into a line
  Frame gain = {};                ///< of a pass at 0 Hz
  Frame held = {}, through = {};  ///< cosine and sine of the filter's rotation: held² is its pole

  void set(float size, float damping) {
    if (size == size_ && damping == damping_) return;
    size_ = size;
    damping_ = damping;
    const float octaves =  // by which an amplitude falls in a frame: log2 1000 in 0.2 s · 50^size
        -9.96578428F / (0.2F * rate_) * dsp::exp2(-5.64385619F * std::clamp(size, 0.F, 1.F));
    const float excess = dsp::exp2(2 * std::clamp(damping, 0.F, 1.F)) - 1;
    float passed = 0, entered = 0;
    for (unsigned i = 0; i < kLines; ++i) {
      const float pass = octaves * static_cast<float>(frames[i]);
      gain[i] = dsp::exp2(pass);
      enter[i] = dsp::exp2(octaves * static_cast<float>(early[i]));
      passed += gain[i] * gain[i] / kLines;
      entered += enter[i] * enter[i] / kLines;
      // The one-pole low-pass whose gain at 8 kHz is r, as one_pole.h does for r² = ½. Its cutoff stays above
      // 1 kHz, lest it shorten the low end too.
      const float r = std::max(dsp::exp2(pass * excess), 0.125F), k = r * r * high_ / (1 - r * r);
      const float pole = 1 / (1 + k + std::sqrt(k * (k + 2)));
      held[i] = std::sqrt(pole);
      through[i] = std::sqrt(1 - pole);
    }
    // The energy of all passes is entered·(1 + passed + passed² + …): noise comes out as loud as it goes in.
    const float level = share_ * std::sqrt((1 - passed) / entered);
    for (float& e : enter) e *= level;
  }

 private:
  float rate_, share_, high_;
  float size_ = -1, damping_ = -1;
};

/// A lane on its way in.
struct Door {
  dsp::Ring predelay, early;
  dsp::Glide glide;
};

class Reverb final : public Node {
 public:
  explicit Reverb(const Setup& setup)
      : rate_(setup.rate),
        longest_(std::ceil(kPredelay * setup.rate)),
        room_(setup.rate, setup.lanes),
        doors_(setup.lanes, Door{.predelay = dsp::Ring(static_cast<int>(longest_) + 3),
                                 .early = dsp::Ring(static_cast<int>(kEarly * setup.rate)),
                                 .glide = dsp::Glide(setup.rate)}) {
    for (const int frames : room_.frames) lines_.emplace_back(frames);
  }

  void process(const Block& io) noexcept override {
    const auto size = io.param[0][0], damping = io.param[1][0];
    Frame x[kChunk];
    for (unsigned i = 0; i < kLines; ++i) lines_[i].read(x, i, io.frames);
    for (int frame = 0; frame < io.frames; ++frame) {
      room_.set(size[frame], damping[frame]);
      absorb(x[frame]);
      for (unsigned lane = 0; lane < doors_.size(); ++lane)
        enter(x[frame], lane, io.in[0][lane][frame], io.param[2][lane][frame]);
      dsp::hadamard(x[frame]);
    }
    for (unsigned i = 0; i < kLines; ++i) lines_[i].write(x, i, io.frames);
    // Any two rows of the matrix are orthogonal, so that lanes which listen at two of them are decorrelated.
    for (unsigned lane = 0; lane < doors_.size(); ++lane) {
      const float* in = io.in[0][lane];
      const auto mix = io.param[3][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = (1 - mix[i]) * in[i] + mix[i] * x[i][lane % kLines];
    }
  }

  void reset() noexcept override {
    for (auto& line : lines_) line.reset();
    for (auto& door : doors_) {
      door.predelay.reset();
      door.early.reset();
      door.glide.reset();
    }
    std::ranges::fill(filters_, 0.F);
  }

 private:
  /// y = pole·y + (1 − pole)·x, its state scaled by √(pole/(1 − pole)): so written it is a projection, and
  /// holds no more than it was given however the pole moves.
  void absorb(Frame& x) {
    for (unsigned i = 0; i < kLines; ++i) {
      const float both = room_.held[i] * filters_[i] + room_.through[i] * x[i];
      filters_[i] = room_.held[i] * both;
      x[i] = room_.gain[i] * room_.through[i] * both;
    }
  }

  /// Each lane enters with the signs of its own row.
  void enter(Frame& x, unsigned lane, float in, float predelay) {
    Door& door = doors_[lane];
    door.predelay.push(in);
    door.early.push(door.predelay.between(door.glide.toward(dsp::frames_of(predelay, rate_, longest_))));
    for (unsigned i = 0; i < kLines; ++i) {
      const float early = room_.enter[i] * door.early[room_.early[i]];
      x[i] += std::popcount(lane & i) % 2 == 0 ? early : -early;
    }
  }

  double rate_;
  double longest_;  ///< predelay, frames
  Room room_;
  std::vector<Door> doors_;
  std::vector<Line> lines_;
  Frame filters_ = {};
};

}  // namespace

PERIGEE_NODE(reverb) = {
    .kind = "reverb",
    .group = "time",
    .doc =
        "a room: all lanes sound in it together, and each hears it from another place (from the 17th on, "
        "again)",
    .in = in,
    .out = out,
    .params = params,
    .make = make<Reverb>,
    .check = [](const Setup& setup) { return linked_mistake(setup, std::span(params).first(2), "one room"); },
    .in_place = true,
};
