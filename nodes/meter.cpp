// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <ebur128.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

#include "dsp/ballistics.h"
#include "dsp/level.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal; 5 lanes are L R C Ls Rs, 6 are L R C LFE Ls Rs, others count alike"}};
constexpr Port out[] = {{"out", "the same signal"}};
constexpr Reading readings[] = {
    {"peak", Unit::db, "highest sample of all lanes since the start; −400 is silence"},
    {"rms", Unit::db, "of the loudest lane, averaged with a time constant of 0.3 s; a full sine is −3 dB"},
    {"true_peak", Unit::db, "highest point of all lanes since the start, between samples too"},
    {"momentary", Unit::lufs, "loudness of the last 0.4 s, ten times a second"},
    {"short_term", Unit::lufs, "loudness of the last 3 s, ten times a second"},
    {"integrated", Unit::lufs, "loudness since the start, gated (EBU R 128), to 0.1 LU"},
};

constexpr double kRmsSeconds = 0.3;
constexpr double kSilence = -400;                             // dB, as dsp::db_of_gain
constexpr unsigned kMostLanes = 64;                           // libebur128's
constexpr double kLowestRate = 1000, kHighestRate = 2822400;  // the same; at 20 Hz it leaves its memory

struct Destroy {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

/// Weights are those of ITU-R BS.1770: 1 in front, 1.41 at the sides, none for the low-frequency channel.
int channel(unsigned lane, unsigned lanes) {
  constexpr std::array five = {EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_LEFT_SURROUND,
                               EBUR128_RIGHT_SURROUND};
  constexpr std::array six = {EBUR128_LEFT,   EBUR128_RIGHT,         EBUR128_CENTER,
                              EBUR128_UNUSED, EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND};
  return lanes == 5 ? five[lane] : lanes == 6 ? six[lane] : lane % 2 == 0 ? EBUR128_LEFT : EBUR128_RIGHT;
}

class Meter final : public Node {
 public:
  explicit Meter(const Setup& setup)
      : rms_part_(dsp::part_of_way(kRmsSeconds * setup.rate)),
        hop_((static_cast<Frames>(setup.rate + 0.5) + 5) / 10),
        left_(hop_),
        // The histogram stands for the list of blocks that would grow on the real-time thread. Short-term
        // loudness is made here of tenths of a second: the library would go through three seconds at each
        // reading.
        loudness_(ebur128_init(setup.lanes, static_cast<unsigned long>(setup.rate + 0.5),
                               EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM)),
        squares_(setup.lanes),
        woven_(static_cast<std::size_t>(setup.lanes) * kChunk) {
    if (loudness_ == nullptr) throw std::runtime_error("the loudness meter cannot be made");
    for (unsigned lane = 0; lane < setup.lanes; ++lane)
      ebur128_set_channel(loudness_.get(), lane, channel(lane, setup.lanes));
  }

  static Bytes memory(const Setup& setup) {
    const auto rate = static_cast<std::uint64_t>(setup.rate + 0.5);
    // The library's: 0.4 s as doubles, and the same as floats, once as it is and once oversampled.
    const std::uint64_t times = rate < 96000 ? 4 : rate < 192000 ? 2 : 0;
    const Bytes second = Bytes::of<double>(1) + (times > 0 ? Bytes::of<float>(times + 1) : Bytes());
    const Bytes lane =
        second * (rate * 2 / 5 + 1) + Bytes(1024) + Bytes::of<double>(1) + Bytes::of<float>(kChunk);
    constexpr Bytes histograms(20'000);
    return Bytes::of<Meter>(1) + histograms + lane * setup.lanes;
  }

  void process(const Block& io) noexcept override {
    const auto lanes = static_cast<unsigned>(squares_.size());
    for (unsigned lane = 0; lane < lanes; ++lane) {
      const float* in = io.in[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) {
        const float x = in[i];
        peak_ = std::max(peak_, std::abs(x));
        squares_[lane] += rms_part_ * (static_cast<double>(x) * x - squares_[lane]);
        woven_[static_cast<std::size_t>(i) * lanes + lane] = x;
        out[i] = x;
      }
    }
    for (int done = 0; done < io.frames;) {
      const int n = static_cast<int>(std::min<Frames>(io.frames - done, left_));
      ebur128_add_frames_float(loudness_.get(), &woven_[static_cast<std::size_t>(done) * lanes],
                               static_cast<std::size_t>(n));
      for (unsigned lane = 0; lane < lanes; ++lane) {
        double top = 0;
        ebur128_prev_true_peak(loudness_.get(), lane, &top);
        true_peak_ = std::max(true_peak_, static_cast<float>(top));
      }
      done += n;
      left_ -= n;
      if (left_ == 0) next_tenth();
    }
  }

  void reset() noexcept
      override {  // the library's own state only ages: it cannot be cleared without allocating
    std::ranges::fill(squares_, 0.0);
    tenths_.fill(0);
    left_ = hop_;
    peak_ = true_peak_ = 0;
  }

  void read(std::span<float> values) const noexcept override {
    double integrated = kSilence;
    ebur128_loudness_global(loudness_.get(), &integrated);
    const auto rms = static_cast<float>(std::sqrt(std::ranges::max(squares_)));
    values[0] = dsp::db_of_gain(peak_);
    values[1] = dsp::db_of_gain(rms);
    values[2] = dsp::db_of_gain(std::max(peak_, true_peak_));
    values[3] = static_cast<float>(loudness(4));
    values[4] = static_cast<float>(loudness(30));
    values[5] = static_cast<float>(std::max(integrated, kSilence));
  }

 private:
  void next_tenth() noexcept {
    left_ = hop_;
    double lufs = kSilence;
    ebur128_loudness_window(loudness_.get(), 100, &lufs);
    tenths_[tenth_] = std::pow(10, std::max(lufs, kSilence) / 10);
    tenth_ = (tenth_ + 1) % tenths_.size();
  }

  /// Of the last so many tenths of a second.
  double loudness(std::size_t count) const {
    double sum = 0;
    for (std::size_t i = 1; i <= count; ++i) sum += tenths_[(tenth_ + tenths_.size() - i) % tenths_.size()];
    return std::max(10 * std::log10(sum / static_cast<double>(count) + 1e-300), kSilence);
  }

  double rms_part_;
  Frames hop_, left_;  ///< frames of a tenth of a second; of this one still to come
  std::unique_ptr<ebur128_state, Destroy> loudness_;
  std::vector<double> squares_;         ///< mean of each lane
  std::vector<float> woven_;            ///< interleaved
  std::array<double, 30> tenths_ = {};  ///< energies, of which the next is the oldest
  std::size_t tenth_ = 0;
  float peak_ = 0, true_peak_ = 0;
};

}  // namespace

PERIGEE_NODE(meter) = {
    .kind = "meter",
    .group = "seeing",
    .doc = "shows level and loudness (EBU R 128) of a signal, by the node's name",
    .in = in,
    .out = out,
    .make = make<Meter>,
    .memory = Meter::memory,
    .check =
        [](const Setup& setup) {
          const unsigned lanes = widest(setup);
          if (lanes > kMostLanes)
            return fmt::format("{} lanes are more than a meter's {}", lanes, kMostLanes);
          if (!(setup.rate >= kLowestRate && setup.rate <= kHighestRate))
            return fmt::format("nothing is measured at {} Hz: {} to {} Hz can be", setup.rate, kLowestRate,
                               kHighestRate);
          return std::string();
        },
    .in_place = true,
    .sink = true,
    .readings = readings,
};
