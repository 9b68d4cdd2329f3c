// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "dsp/ballistics.h"
#include "dsp/box_average.h"
#include "dsp/level.h"
#include "dsp/sliding_max.h"
#include "dsp/true_peak.h"
#include "node/linked.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the signal, later, never above the ceiling"}};
constexpr Param params[] = {
    {"ceiling", Unit::db, -60, 0, -1,
     "true peak that the output stays below; a signal 0.1 dB lower (0.2 dB at 1 ms of look-ahead) passes bit "
     "for bit"},
    {"release", Unit::seconds, 0, 10, 0.1, "in which 1 − 1/e of the reduction goes away after a peak"},
};
constexpr Fixed fixed[] = {
    number("lookahead", Unit::seconds, 0.001, 0.1, 0.005,
           "how early the gain starts to fall; the node's latency"),
};

/// The look-ahead is shared out: the detector needs its reach, the rest is for the gain to fall in. The gain
/// then stays down for kFlat frames on either side of a peak, where the interpolation between samples looks
/// first.
constexpr int kFlat = 2, kLongestReach = 32;
int reach_of(Frames lookahead) {
  return static_cast<int>(std::clamp<Frames>(lookahead * 3 / 5, 1, kLongestReach));
}

/// Limiting starts so far below the ceiling, for a finite filter does not see all: 0.1 dB, and more where a
/// short look-ahead leaves it little reach (0.17 dB for 1 ms at 44.1 kHz). Found by measuring with a longer
/// filter, which is also why no look-ahead is shorter: with 0.5 ms a burst made against it gets 0.46 dB past.
float unseen(int reach) {
  const double db = 0.1 * std::pow(static_cast<double>(kLongestReach) / reach, 2.5);
  return dsp::gain_of_db(-static_cast<float>(std::min(db, 3.0)));
}

/// What the gain's own movement may add between samples: it grows with the reduction, to 0.25 dB.
constexpr float kMargin = 0.97163F;

/// Gains are whole numbers from here on, so that averages are exact and 1 stays 1.
constexpr std::int64_t kOne = std::int64_t{1} << 40;

class Limiter final : public Node {
 public:
  explicit Limiter(const Setup& setup)
      : rate_(setup.rate),
        lookahead_(std::max<Frames>(1, setup.frames(0))),
        filter_(reach_of(lookahead_)),
        unseen_(unseen(filter_.reach)),
        fall_(std::max<Frames>(1, lookahead_ - filter_.reach - kFlat + 1)),
        window_(lookahead_ - filter_.reach + kFlat + 2),
        ceilings_(static_cast<std::size_t>(filter_.reach)),
        highest_(static_cast<std::size_t>(window_)),
        first_box_(static_cast<std::size_t>((fall_ + 1) / 2), kOne),
        second_box_(static_cast<std::size_t>(fall_ + 1 - (fall_ + 1) / 2), kOne),
        line_(static_cast<std::size_t>(lookahead_) * setup.lanes) {
    detectors_.reserve(setup.lanes);
    for (unsigned lane = 0; lane < setup.lanes; ++lane) detectors_.emplace_back(filter_.reach);
  }
  static Bytes memory(const Setup& setup) {
    const auto lookahead = static_cast<std::uint64_t>(std::max<Frames>(1, setup.frames(0)));
    const int reach = reach_of(static_cast<Frames>(lookahead));
    const Bytes linked = Bytes(dsp::SlidingMax::memory(lookahead + kFlat + 2)) +
                         Bytes::of<std::int64_t>(lookahead + 2) +  // of both averages
                         Bytes::of<float>(static_cast<std::uint64_t>(reach));
    const Bytes lane =
        Bytes::of<dsp::TruePeak>(1) + Bytes::of<float>(dsp::TruePeak::frames(reach) + lookahead);
    return Bytes::of<Limiter>(1) + Bytes(dsp::QuarterFilter::memory(reach)) + linked + lane * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    float gain[kChunk] = {};  // first the peaks
    for (unsigned lane = 0; lane < detectors_.size(); ++lane)
      detectors_[lane].raise(filter_, io.in[0][lane], io.frames, gain);

    const auto ceiling = io.param[0][0], release = io.param[1][0];
    float allowed = allowed_at(ceiling[0]);
    double back = dsp::part_of_way(release[0] * rate_);
    if (fresh_ == 0)  // a sudden start swings before its first frame: to that the first ceiling applies
      std::ranges::fill(ceilings_, allowed);
    for (int i = 0; i < io.frames; ++i) {
      if (!ceiling.still) allowed = allowed_at(ceiling[i]);
      if (!release.still) back = dsp::part_of_way(release[i] * rate_);
      const float limit = std::exchange(ceilings_[ceiling_place_], allowed);
      ceiling_place_ = ceiling_place_ + 1 == ceilings_.size() ? 0 : ceiling_place_ + 1;
      const float fit = limit / std::max(gain[i], 1e-30F);
      const float wanted = fit >= 1 ? 1 : fit * std::max(fit, kMargin);
      const float low = -highest_.push(-wanted, window_);
      level_ = low < level_ ? low : level_ + back * (low - level_);
      gain[i] =
          static_cast<float>(second_box_.push(first_box_.push(static_cast<std::int64_t>(level_ * kOne)))) /
          static_cast<float>(kOne);
    }

    Frames place = place_;
    for (unsigned lane = 0; lane < detectors_.size(); ++lane) {
      const float* in = io.in[0][lane];
      float* out = io.out[0][lane];
      float* line = &line_[static_cast<std::size_t>(lookahead_) * lane];
      place = place_;
      Frames fresh = fresh_;
      for (int i = 0; i < io.frames; ++i) {
        const float now = in[i];
        out[i] = fresh < lookahead_ ? 0 : line[place] * gain[i];
        ++fresh;
        line[place] = now;
        place = place + 1 == lookahead_ ? 0 : place + 1;
      }
    }
    place_ = place;
    fresh_ = std::min(lookahead_, fresh_ + io.frames);
  }

  void reset() noexcept override {
    for (auto& detector : detectors_) detector.reset();
    ceiling_place_ = 0;
    highest_.reset();
    first_box_.reset();
    second_box_.reset();
    level_ = 1;
    place_ = fresh_ = 0;
  }

 private:
  float allowed_at(float ceiling) const { return dsp::gain_of_db(ceiling) * unseen_; }

  double rate_;
  Frames lookahead_;
  dsp::QuarterFilter filter_;
  float unseen_;
  Frames fall_, window_;  ///< frames: of the averages together; that a peak is held for
  std::vector<dsp::TruePeak> detectors_;
  std::vector<float> ceilings_;  ///< as late as the peaks are known
  std::size_t ceiling_place_ = 0;
  dsp::SlidingMax highest_;
  dsp::BoxAverage first_box_, second_box_;
  double level_ = 1;
  std::vector<float> line_;       ///< the look-ahead, lane by lane
  Frames place_ = 0, fresh_ = 0;  ///< frames since the reset, up to the look-ahead
};

}  // namespace

PERIGEE_NODE(limiter) = {
    .kind = "limiter",
    .group = "dynamics",
    .doc = "keeps peaks below a ceiling, between samples too, by looking ahead; one gain for all lanes",
    .in = in,
    .out = out,
    .params = params,
    .fixed = fixed,
    .make = make<Limiter>,
    .latency = [](const Setup& setup) { return std::max<Frames>(1, setup.frames(0)); },
    .memory = Limiter::memory,
    .check = [](const Setup& setup) { return linked_mistake(setup, params); },
    .in_place = true,
};
