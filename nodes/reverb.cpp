// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "dsp/feedback_delay_network.h"
#include "dsp/glide.h"
#include "dsp/ring.h"
#include "node/linked.h"

namespace {

using namespace perigee;
using Network = dsp::FeedbackDelayNetwork;

constexpr unsigned kLines = Network::kLines;
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

/// When a sound enters a line: one line in each sixteenth of the time, by the golden ratio somewhere in it.
int early_frames(unsigned line, double rate) {
  const double part = line * 0.6180339887498949;
  return static_cast<int>(kEarly * rate * (line + part - std::floor(part)) / kLines);
}

/// What size and damping make of the network, and of a sound's way into it.
class Room {
 public:
  Room(double rate, unsigned lanes)
      : network(kShortest, kLongest, rate),
        rate_(static_cast<float>(rate)),
        share_(1 / std::sqrt(static_cast<float>(lanes))) {
    for (unsigned i = 0; i < kLines; ++i) early[i] = early_frames(i, rate);
  }

  Network network;
  std::array<int, kLines> early;
  Network::Frame enter = {};  ///< gain on the way into a line

  void set(float size, float damping) {
    if (size == size_ && damping == damping_) return;
    size_ = size;
    damping_ = damping;
    const float octaves =  // by which an amplitude falls in a frame: log2 1000 in 0.2 s · 50^size
        -9.96578428F / (0.2F * rate_) * dsp::exp2(-5.64385619F * std::clamp(size, 0.F, 1.F));
    network.set_decay(octaves, dsp::exp2(2 * std::clamp(damping, 0.F, 1.F)) - 1);
    float entered = 0;
    for (unsigned i = 0; i < kLines; ++i) {
      enter[i] = dsp::exp2(octaves * static_cast<float>(early[i]));
      entered += enter[i] * enter[i] / kLines;
    }
    // The energy of all passes is entered·(1 + passed + passed² + …): noise comes out as loud as it goes in.
    const float level = share_ * std::sqrt((1 - network.passed()) / entered);
    for (float& e : enter) e *= level;
  }

 private:
  float rate_, share_;
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
      : rate_(setup.rate), longest_(std::ceil(kPredelay * setup.rate)), room_(setup.rate, setup.lanes) {
    doors_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane)
      doors_.push_back({.predelay = dsp::Ring(predelay_frames(setup)),
                        .early = dsp::Ring(static_cast<int>(kEarly * setup.rate)),
                        .glide = dsp::Glide(setup.rate)});
  }
  static Bytes memory(const Setup& setup) {
    const Bytes rings = Bytes::of<float>(dsp::Ring::frames(predelay_frames(setup)) +
                                         dsp::Ring::frames(static_cast<int>(kEarly * setup.rate)));
    return Bytes::of<Reverb>(1) + Bytes(Network::memory(kShortest, kLongest, setup.rate)) +
           (Bytes::of<Door>(1) + rings) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    const auto size = io.param[0][0], damping = io.param[1][0];
    Network::Frame x[kChunk];
    room_.network.read(x, io.frames);
    for (int frame = 0; frame < io.frames; ++frame) {
      room_.set(size[frame], damping[frame]);
      room_.network.absorb(x[frame]);
      for (unsigned lane = 0; lane < doors_.size(); ++lane)
        enter(x[frame], lane, io.in[0][lane][frame], io.param[2][lane][frame]);
      Network::mix(x[frame]);
    }
    room_.network.write(x, io.frames);
    // Any two rows of the matrix are orthogonal, so that lanes which listen at two of them are decorrelated.
    for (unsigned lane = 0; lane < doors_.size(); ++lane) {
      const float* in = io.in[0][lane];
      const auto mix = io.param[3][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = (1 - mix[i]) * in[i] + mix[i] * x[i][lane % kLines];
    }
  }

  void reset() noexcept override {
    room_.network.reset();
    for (auto& door : doors_) {
      door.predelay.reset();
      door.early.reset();
      door.glide.reset();
    }
  }

 private:
  static int predelay_frames(const Setup& setup) {
    return static_cast<int>(std::ceil(kPredelay * setup.rate)) + 3;
  }
  /// Each lane enters with the signs of its own row.
  void enter(Network::Frame& x, unsigned lane, float in, float predelay) {
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
    .memory = Reverb::memory,
    .check = [](const Setup& setup) { return linked_mistake(setup, std::span(params).first(2), "one room"); },
    .in_place = true,
};
