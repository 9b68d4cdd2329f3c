// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/sine.h"
#include "node/spillover.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{.name = "in", .doc = "signals to choose from", .many = true}};
constexpr Port out[] = {{"out", "the chosen signal"}};
constexpr Param params[] = {{"index", Unit::none, 0, kNoLimit, 0,
                             "which signal, from 0; rounded, and the last one when there are fewer",
                             Change::step}};
constexpr Fixed fixed[] = {
    number("fade", Unit::seconds, 0, 60, 0.02, "how long a change takes"),
    number(
        "tail", Unit::seconds, 0, 60, 0,
        "how long delays and reverbs of what was left sound on, if nothing else hears them; what is played "
        "meanwhile does not enter them; index then has one lane"),
};
constexpr int kFade = 0, kTail = 1;

constexpr unsigned kNone = ~0U;

/// One lane's fade: every input's share moves in a straight line from where it was at the change to all or
/// nothing. The shares add up to one at any time, also when the next change comes in the middle.
struct Fade {
  unsigned chosen = kNone;
  Frames left = 0;  ///< until the chosen one is alone
};

class Switch final : public Node {
 public:
  explicit Switch(const Setup& setup)
      : inputs_(static_cast<unsigned>(setup.in_lanes.size())),
        length_(setup.frames(kFade)),
        fades_(setup.lanes),
        before_(std::size_t{setup.lanes} * inputs_) {}
  static Bytes memory(const Setup& setup) {
    return Bytes::of<Switch>(1) +
           (Bytes::of<Fade>(1) + Bytes::of<float>(setup.in_lanes.size())) * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto index = io.param[0][lane];
      Fade& fade = fades_[lane];
      float* before = &before_[std::size_t{lane} * inputs_];
      float* out = io.out[0][lane];
      unsigned chosen = branch_of(index[0], inputs_);
      if (index.still && chosen == fade.chosen && fade.left == 0) {
        std::copy_n(io.in[chosen][lane], io.frames, out);
        continue;
      }
      for (int i = 0; i < io.frames; ++i) {
        if (!index.still) chosen = branch_of(index[i], inputs_);
        if (chosen != fade.chosen) turn(fade, before, chosen);
        if (fade.left == 0) {
          out[i] = io.in[chosen][lane][i];
        } else {
          out[i] = blend(io, lane, i, fade, before);
          --fade.left;
        }
      }
    }
  }
  void reset() noexcept override { std::ranges::fill(fades_, Fade()); }

 private:
  float share(const Fade& fade, const float* before, unsigned input) const {
    const float aim = input == fade.chosen ? 1.F : 0.F;
    if (fade.left == 0) return aim;
    return aim + (before[input] - aim) * (static_cast<float>(fade.left) / static_cast<float>(length_));
  }
  void turn(Fade& fade, float* before, unsigned chosen) const {
    const bool first = fade.chosen == kNone;
    for (unsigned k = 0; k < inputs_; ++k) before[k] = share(fade, before, k);
    fade = {chosen, first ? 0 : length_};
  }
  /// Equal power: the sine of a quarter turn for each share, which two inputs need no correction for; three
  /// or more are brought to a power of one. Related signals add up in amplitude, so there the shares are the
  /// gains.
  float blend(const Block& io, unsigned lane, int frame, const Fade& fade, const float* before) const {
    double sum = 0;
    float power = 0;
    for (unsigned k = 0; k < inputs_; ++k) {
      const float part = share(fade, before, k);
      const float gain = io.related ? part : dsp::sine(0.25F * part);
      power += gain * gain;
      sum += static_cast<double>(gain) * io.in[k][lane][frame];
    }
    return static_cast<float>(io.related ? sum : sum / std::sqrt(power));
  }

  unsigned inputs_;
  Frames length_;  ///< of a fade
  std::vector<Fade> fades_;
  std::vector<float> before_;  ///< lanes × inputs: shares when the fade began
};

/// With a tail: the chosen one comes in while those that were left sound on, so that what comes out is their
/// sum. One index serves all lanes.
class SpillingSwitch final : public Node {
 public:
  explicit SpillingSwitch(const Setup& setup)
      : spills_(setup.in_lanes.size(), Spill(setup, kFade, kTail)),
        heard_(spills_.size()),
        gains_(spills_.size() * kChunk) {}
  static Bytes memory(const Setup& setup) {
    return Bytes::of<SpillingSwitch>(1) +
           (Bytes::of<Spill>(1) + Bytes::of<unsigned>(1) + Bytes::of<float>(kChunk)) * setup.in_lanes.size();
  }

  void process(const Block& io) noexcept override {
    const unsigned heard = find_gains(io);
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) {
        double sum = 0;
        bool alone = true;  // then it passes to the bit, −0 too
        for (unsigned k = 0; k < heard; ++k) {
          const float gain = row(k)[i];
          if (gain == 0) continue;
          const double part = static_cast<double>(gain) * io.in[heard_[k]][lane][i];
          sum = alone ? part : sum + part;
          alone = false;
        }
        out[i] = static_cast<float>(sum);
      }
    }
  }
  void reset() noexcept override {
    for (Spill& spill : spills_) spill.reset();
  }

 private:
  /// A row for each input that is heard in this call; returns how many.
  unsigned find_gains(const Block& io) {
    const auto index = io.param[0][0];
    const auto inputs = static_cast<unsigned>(spills_.size());
    unsigned chosen[kChunk] = {branch_of(index[0], inputs)};
    for (int i = 1; i < io.frames; ++i) chosen[i] = index.still ? chosen[0] : branch_of(index[i], inputs);
    unsigned heard = 0;
    for (unsigned input = 0; input < inputs; ++input) {
      if (index.still && chosen[0] != input && spills_[input].rests(false)) continue;
      heard_[heard] = input;
      float* gains = row(heard++);
      for (int i = 0; i < io.frames; ++i) {
        spills_[input].go_on(chosen[i] == input);
        gains[i] = spills_[input].leaves(io.related);
      }
    }
    return heard;
  }
  float* row(unsigned k) { return &gains_[std::size_t{k} * kChunk]; }

  std::vector<Spill> spills_;    ///< by input
  std::vector<unsigned> heard_;  ///< in the call that is under way
  std::vector<float> gains_;     ///< rows of kChunk, as heard_
};

std::unique_ptr<Node> make_switch(const Setup& setup) {
  return setup.number(kTail) > 0 ? make<SpillingSwitch>(setup) : make<Switch>(setup);
}

Bytes memory(const Setup& setup) {
  return setup.number(kTail) > 0 ? SpillingSwitch::memory(setup) : Switch::memory(setup);
}

std::string check(const Setup& setup) {
  if (setup.number(kTail) == 0 || setup.param_lanes[0] == 1) return {};
  return fmt::format("index has {} lanes, but with a tail one index serves all lanes: take one with [n]",
                     setup.param_lanes[0]);
}

}  // namespace

PERIGEE_NODE(switch) = {
    .kind = "switch",
    .group = "level and routing",
    .doc = "passes one of several signals, and crossfades to another",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make_switch,
    .memory = memory,
    .check = check,
    .in_place = true,
    .kinship = true,
    .args = "index in",
    .spills = kFade,
};
