// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <cmath>

#include "dsp/one_pole.h"
#include "dsp/ring.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr double kGlide = 0.05;  // s

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "echoes, and the signal itself as mix says"}};
constexpr Param params[] = {
    {"time", Unit::seconds, 0, 60, 0.25, "to the first echo, at most max; a change glides, as tape would"},
    {"feedback", Unit::linear, -0.99, 0.99, 0, "from one echo to the next"},
    {"damping", Unit::hz, 20, 20000, 20000, "low-pass from one echo to the next; 20000 Hz is none"},
    {"mix", Unit::linear, 0, 1, 1, "0 is the signal alone, 1 the echoes alone"},
};
constexpr Fixed fixed[] = {number("max", Unit::seconds, 0, 60, 2, "longest time")};

/// A distance back in time, in frames, that follows its target as e^(−t/50 ms), from the first target on.
class Glide {
 public:
  double toward(double target, double speed) {
    const double left = target - frames_;
    // A hundred thousandth of a frame is below −90 dB at any pitch: then it stands, so that whole frames are
    // exact.
    frames_ = frames_ < 0 || std::abs(left) < 1e-5 ? target : frames_ + speed * left;
    return frames_;
  }

 private:
  double frames_ = -1;  // nowhere yet
};

struct Tape {
  dsp::Ring ring;
  Glide glide;
  float damped = 0;
};

class Delay final : public Node {
 public:
  explicit Delay(const Setup& setup)
      : rate_(setup.rate),
        longest_(std::ceil(setup.number(0) * setup.rate)),
        speed_(1 - std::exp(-1 / (kGlide * setup.rate))),
        tapes_(setup.lanes, Tape{.ring = dsp::Ring(static_cast<int>(longest_) + 3)}) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      const auto time = io.param[0][lane], feedback = io.param[1][lane], damping = io.param[2][lane],
                 mix = io.param[3][lane];
      float* out = io.out[0][lane];
      Tape& tape = tapes_[lane];
      double target = frames_of(time[0]);
      float follow = follow_of(damping[0]);
      for (int i = 0; i < io.frames; ++i) {
        if (!time.still) target = frames_of(time[i]);
        if (!damping.still) follow = follow_of(damping[i]);
        const double frames = tape.glide.toward(target, speed_);
        // Before the push, the newest frame is one ago: the shortest loop.
        const float echo = tape.ring.between(std::max(frames - 1, 0.0));
        tape.damped = (1 - follow) * tape.damped + follow * echo;
        tape.ring.push(in[i] + std::clamp(feedback[i], -0.99F, 0.99F) * tape.damped);
        const float wet = frames < 2 ? tape.ring.between(frames) : echo;
        out[i] = (1 - mix[i]) * in[i] + mix[i] * wet;
      }
    }
  }

  void reset() noexcept override {
    for (auto& tape : tapes_) {
      tape.ring.reset();
      tape.glide = {};
      tape.damped = 0;
    }
  }

 private:
  /// A time as near to a whole number of frames as a float can tell is meant to be that.
  double frames_of(float time) const {
    const double frames = std::clamp(time * rate_, 0.0, longest_);
    const double whole = static_cast<double>(static_cast<int>(frames + 0.5));
    return std::abs(frames - whole) <= whole * 0x1p-24 ? whole : frames;
  }
  float follow_of(float damping) const {
    return damping < 20000 ? dsp::one_pole(static_cast<float>(std::clamp(damping / rate_, 0.0, 0.49))) : 1;
  }

  double rate_;
  double longest_;  // frames, whole
  double speed_;    // of the glide, a frame
  std::vector<Tape> tapes_;
};

}  // namespace

PERIGEE_NODE(delay) = {
    .kind = "delay",
    .group = "time",
    .doc = "echoes: a delay with feedback, damped as it repeats",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Delay>,
    .in_place = true,
};
