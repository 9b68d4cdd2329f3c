// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Feed-forward, in decibels, after D. Giannoulis, M. Massberg, J. D. Reiss, "Digital dynamic range compressor
// design: a tutorial and analysis", J. Audio Eng. Soc. 60(6), 2012: level, static curve with a soft knee,
// then one smoother of the reduction that attacks while the curve asks for more and releases while it asks
// for less (eq. 16). The peak detector holds each peak a little, for else the release between the crests of a
// sine would cost more than a decibel of reduction.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "dsp/ballistics.h"
#include "dsp/compression.h"
#include "dsp/gain.h"
#include "dsp/sliding_max.h"
#include "node/linked.h"

namespace {

using namespace perigee;

constexpr Port in[] = {
    {"in", "signal"},
    {"key", "listened to in place of the signal: the side chain", false, true},
};
constexpr Port out[] = {
    {"out", "compressed signal"},
    {"reduction", "how far the gain is down, dB: 0 or more, without makeup, the same in every lane"},
};
constexpr Param params[] = {
    {"threshold", Unit::db, -80, 0, -20, "level above which the gain goes down"},
    {"ratio", Unit::ratio, 1, 100, 4, "dB in for one dB out, above the threshold"},
    {"knee", Unit::db, 0, 24, 6, "width of the bend around the threshold"},
    {"attack", Unit::seconds, 0, 1, 0.01, "in which the reduction covers 1 − 1/e of a step up, in dB"},
    {"release", Unit::seconds, 0, 10, 0.1, "in which the reduction covers 1 − 1/e of a step down, in dB"},
    {"makeup", Unit::db, -24, 48, 0, "gain after compression"},
};
constexpr std::string_view detectors[] = {"peak", "rms"};
constexpr Fixed fixed[] = {
    choice("detector", detectors, "peak",
           "level by peaks, or by the mean square of the last 10 ms (times then add to these)"),
};

constexpr double kRmsSeconds = 0.01;
constexpr double kLongestHold = 0.025;  // half a cycle of 20 Hz

/// Mean square over a fixed time. The sum is begun anew with each turn of the ring, so that rounding never
/// adds up.
class MeanSquares {
 public:
  MeanSquares(std::size_t length, unsigned lanes) : length_(length), lanes_(lanes), ring_(length * lanes) {}

  static Bytes memory(std::size_t length, unsigned lanes) {
    return (Bytes::of<Sums>(1) + Bytes::of<float>(length)) * lanes;
  }

  /// Of the loudest lane.
  float push(const Signal& in, int frame) {
    double most = 0;
    for (unsigned lane = 0; lane < in.lanes; ++lane) {
      float& kept = ring_[lane * length_ + place_];
      Sums& sums = lanes_[lane];
      const float square = in[lane][frame] * in[lane][frame];
      sums.all += static_cast<double>(square) - (full_ ? kept : 0.F);
      sums.turn += square;
      kept = square;
      if (place_ + 1 == length_) sums = {sums.turn, 0};
      most = std::max(most, sums.all);
    }
    full_ |= place_ + 1 == length_;
    place_ = place_ + 1 == length_ ? 0 : place_ + 1;
    return static_cast<float>(most / static_cast<double>(length_));
  }

  void reset() {
    std::ranges::fill(lanes_, Sums());
    place_ = 0;
    full_ = false;
  }

 private:
  struct Sums {
    double all = 0, turn = 0;  ///< of the whole window; since the ring's start
  };
  std::size_t length_, place_ = 0;
  bool full_ = false;
  std::vector<Sums> lanes_;
  std::vector<float> ring_;
};

class Compressor final : public Node {
 public:
  explicit Compressor(const Setup& setup)
      : rate_(setup.rate),
        rms_(is_rms(setup)),
        held_(longest_hold(setup)),
        squares_(window(setup), heard_lanes(setup)) {}
  static Bytes memory(const Setup& setup) {
    return Bytes::of<Compressor>(1) + Bytes(dsp::SlidingMax::memory(longest_hold(setup))) +
           MeanSquares::memory(window(setup), heard_lanes(setup));
  }

  void process(const Block& io) noexcept override {
    const Signal& heard = io.in[1].wired ? io.in[1] : io.in[0];
    const auto threshold = io.param[0][0], ratio = io.param[1][0], knee = io.param[2][0],
               attack = io.param[3][0], release = io.param[4][0], makeup = io.param[5][0];
    float want[kChunk], reduction[kChunk], gain[kChunk];
    if (rms_)
      hear_power(heard, io.frames, want);
    else
      hear_peaks(heard, release, io.frames, want);
    dsp::compress({threshold, ratio, knee}, rms_ ? 3.01029995663981F : 6.02059991327962F, want, io.frames);

    double down = part_of_way(attack[0]), back = part_of_way(release[0] - hold_seconds(release[0]));
    for (int i = 0; i < io.frames; ++i) {
      if (!attack.still) down = part_of_way(attack[i]);
      if (!release.still) back = part_of_way(release[i] - hold_seconds(release[i]));
      reduction_ += (want[i] > reduction_ ? down : back) * (want[i] - reduction_);
      reduction[i] = static_cast<float>(reduction_);
      gain[i] = makeup[i] - reduction[i];
    }
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      dsp::GainState state;
      const dsp::GainLane scaled{io.in[0][lane], {io.out[0][lane]}, &state, {LaneControl{gain, false}}};
      dsp::gain({&scaled, 1}, io.frames);
      std::copy_n(reduction, io.frames, io.out[1][lane]);
    }
  }

  void reset() noexcept override {
    held_.reset();
    squares_.reset();
    reduction_ = 0;
  }

 private:
  static bool is_rms(const Setup& setup) { return setup.text(0) == "rms"; }
  static std::size_t longest_hold(const Setup& setup) {
    return static_cast<std::size_t>(is_rms(setup) ? 1 : setup.rate * kLongestHold + 2);
  }
  static std::size_t window(const Setup& setup) {
    return static_cast<std::size_t>(is_rms(setup) ? setup.rate * kRmsSeconds + 0.5 : 1);
  }
  static unsigned heard_lanes(const Setup& setup) { return std::max(setup.in_lanes[0], setup.in_lanes[1]); }

  /// Of the loudest lane, as the peaks.
  void hear_power(const Signal& heard, int frames, float* power) {
    for (int i = 0; i < frames; ++i) power[i] = std::max(squares_.push(heard, i), 1e-30F);
  }
  void hear_peaks(const Signal& heard, LaneControl release, int frames, float* peaks) {
    std::fill_n(peaks, frames, 1e-20F);
    for (unsigned lane = 0; lane < heard.lanes; ++lane) {
      const float* in = heard[lane];
      for (int i = 0; i < frames; ++i) peaks[i] = std::max(peaks[i], std::abs(in[i]));
    }
    std::int64_t window = window_of(release[0]);
    for (int i = 0; i < frames; ++i) {
      if (!release.still) window = window_of(release[i]);
      peaks[i] = held_.push(peaks[i], window);
    }
  }

  /// Peaks are held for a part of the release, which is shortened by as much.
  double hold_seconds(float release) const {
    return rms_ ? 0 : std::min(static_cast<double>(release) / 20, kLongestHold);
  }
  std::int64_t window_of(float release) const {
    return static_cast<std::int64_t>(hold_seconds(release) * rate_) + 1;
  }
  double part_of_way(double seconds) const { return dsp::part_of_way(seconds * rate_); }

  double rate_;
  bool rms_;
  dsp::SlidingMax held_;
  MeanSquares squares_;
  double reduction_ = 0;  ///< dB; in double, for a long release moves it by less than float's grain
};

}  // namespace

PERIGEE_NODE(compressor) = {
    .kind = "compressor",
    .group = "dynamics",
    .doc = "turns down what is loud: the signal, or the signal by a key; one gain for all lanes",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Compressor>,
    .lanes = [](const Setup& setup) { return setup.in_lanes[0]; },
    .memory = Compressor::memory,
    .check = [](const Setup& setup) { return linked_mistake(setup, params); },
    .any_lanes = true,  // a key of any width makes one gain
    .in_place = true,
    .args = "in threshold ratio knee attack release makeup detector key",
};
