// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <cmath>

#include "dsp/glide.h"
#include "dsp/one_pole.h"
#include "dsp/ring.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "echoes, and the signal itself as mix says"}};
constexpr Param params[] = {
    {"time", Unit::seconds, 0, 60, 0.25, "to the first echo, at most max; a change glides, as tape would"},
    {"feedback", Unit::linear, -0.99, 0.99, 0, "from one echo to the next"},
    {"damping", Unit::hz, 20, 20000, 20000, "low-pass from one echo to the next; 20000 Hz is none"},
    {"mix", Unit::linear, 0, 1, 1, "0 is the signal alone, 1 the echoes alone"},
};
constexpr Fixed fixed[] = {number("max", Unit::seconds, 0, 60, 2,
                                  "longest time; not given, it is as long as time, if that is more")};

constexpr float kUndamped = 20000;  // Hz

struct Tape {
  dsp::Ring ring;
  dsp::Glide glide;
  float damped = 0;
};

class Delay final : public Node {
 public:
  explicit Delay(const Setup& setup) : rate_(setup.rate), longest_(longest(setup)) {
    tapes_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane)
      tapes_.push_back({.ring = dsp::Ring(static_cast<int>(longest_) + 3), .glide = dsp::Glide(rate_)});
  }
  static Bytes memory(const Setup& setup) {
    const Bytes ring = Bytes::block_of<float>(dsp::Ring::frames(static_cast<int>(longest(setup)) + 3));
    return Bytes::of<Delay>(1) + (Bytes::of<Tape>(1) + ring) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      Tape& tape = tapes_[lane];
      const auto time = io.param[0][lane];
      const double frames = dsp::frames_of(time[0], rate_, longest_);
      // Between frames, an echo is made of one that is a frame newer.
      if (time.still && tape.glide.stands_at(frames) && frames >= io.frames + 1)
        run_standing(io, lane, frames);
      else
        run_frame_by_frame(io, lane);
    }
  }

  void reset() noexcept override {
    for (auto& tape : tapes_) {
      tape.ring.reset();
      tape.glide.reset();
      tape.damped = 0;
    }
  }

 private:
  static double longest(const Setup& setup) { return std::ceil(setup.number(0) * setup.rate); }
  /// All echoes of this call are of what came before it.
  void run_standing(const Block& io, unsigned lane, double frames) {
    const auto count = static_cast<std::size_t>(io.frames);
    const float* in = io.in[0][lane];
    const auto feedback = io.param[1][lane], damping = io.param[2][lane], mix = io.param[3][lane];
    float* out = io.out[0][lane];
    Tape& tape = tapes_[lane];
    float echo[kChunk], back[kChunk];
    tape.glide.toward(frames);
    tape.ring.between(frames - 1, std::span(echo).first(count));
    if (damping.still && damping[0] >= kUndamped) {
      std::copy_n(echo, count, back);
      tape.damped = echo[count - 1];
    } else {
      float follow = follow_of(damping[0]), damped = tape.damped;
      for (int i = 0; i < io.frames; ++i) {
        if (!damping.still) follow = follow_of(damping[i]);
        back[i] = damped = damp(damped, follow, echo[i]);
      }
      tape.damped = damped;
    }
    for (int i = 0; i < io.frames; ++i) back[i] = in[i] + fed_back(feedback[i], back[i]);
    tape.ring.push(std::span(back).first(count));
    for (int i = 0; i < io.frames; ++i) out[i] = mixed(mix[i], in[i], echo[i]);
  }

  void run_frame_by_frame(const Block& io, unsigned lane) {
    const float* in = io.in[0][lane];
    const auto time = io.param[0][lane], feedback = io.param[1][lane], damping = io.param[2][lane],
               mix = io.param[3][lane];
    float* out = io.out[0][lane];
    Tape& tape = tapes_[lane];
    double target = dsp::frames_of(time[0], rate_, longest_);
    float follow = follow_of(damping[0]);
    for (int i = 0; i < io.frames; ++i) {
      if (!time.still) target = dsp::frames_of(time[i], rate_, longest_);
      if (!damping.still) follow = follow_of(damping[i]);
      const double frames = tape.glide.toward(target);
      // Before the push, the newest frame is one ago: the shortest loop.
      const float echo = tape.ring.between(std::max(frames - 1, 0.0));
      tape.damped = damp(tape.damped, follow, echo);
      tape.ring.push(in[i] + fed_back(feedback[i], tape.damped));
      const float wet = frames < 2 ? tape.ring.between(frames) : echo;
      out[i] = mixed(mix[i], in[i], wet);
    }
  }

  float follow_of(float damping) const {
    return damping < kUndamped ? dsp::one_pole(static_cast<float>(std::clamp(damping / rate_, 0.0, 0.49)))
                               : 1;
  }
  static float damp(float before, float follow, float echo) {
    return follow == 1 ? echo : (1 - follow) * before + follow * echo;
  }
  static float fed_back(float feedback, float damped) { return std::clamp(feedback, -0.99F, 0.99F) * damped; }
  static float mixed(float mix, float in, float echo) { return (1 - mix) * in + mix * echo; }

  double rate_;
  double longest_;  // frames, whole
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
    .memory = Delay::memory,
    .in_place = true,
    .most = 0,
};
