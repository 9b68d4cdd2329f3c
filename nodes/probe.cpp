// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <cmath>
#include <vector>

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "signal"}};
constexpr Port out[] = {{"out", "the same signal"}};
constexpr Reading readings[] = {
    {"min", Unit::linear, "lowest sample of all lanes since the start"},
    {"max", Unit::linear, "highest sample of all lanes since the start"},
    {"rms", Unit::linear, "root mean square over all lanes since the start"},
};

class Probe final : public Node {
 public:
  explicit Probe(const Setup& setup) : lanes_(setup.lanes) {}
  static Bytes memory(const Setup& setup) { return Bytes::of<Probe>(1) + Bytes::of<Seen>(setup.lanes); }

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < lanes_.size(); ++lane) {
      const float* in = io.in[0][lane];
      float* out = io.out[0][lane];
      Seen& seen = lanes_[lane];
      for (int i = 0; i < io.frames; ++i) {
        const float x = in[i];
        seen.min = std::min(seen.min, x);
        seen.max = std::max(seen.max, x);
        seen.squares += static_cast<double>(x) * x;
        out[i] = x;
      }
    }
    frames_ += io.frames;
  }

  void reset() noexcept override {
    std::ranges::fill(lanes_, Seen());
    frames_ = 0;
  }

  void read(std::span<float> values) const noexcept override {
    std::ranges::fill(values, 0.F);
    if (frames_ == 0) return;
    Seen all;
    for (const Seen& seen : lanes_) {
      all.min = std::min(all.min, seen.min);
      all.max = std::max(all.max, seen.max);
      all.squares += seen.squares;
    }
    values[0] = all.min;
    values[1] = all.max;
    values[2] = static_cast<float>(
        std::sqrt(all.squares / (static_cast<double>(frames_) * static_cast<double>(lanes_.size()))));
  }

 private:
  struct Seen {
    float min = std::numeric_limits<float>::max(), max = std::numeric_limits<float>::lowest();
    double squares = 0;
  };
  std::vector<Seen> lanes_;
  Frames frames_ = 0;
};

}  // namespace

PERIGEE_NODE(probe) = {
    .kind = "probe",
    .group = "seeing",
    .doc = "shows the least, the greatest and the root mean square of a signal, by the node's name",
    .in = in,
    .out = out,
    .make = make<Probe>,
    .memory = Probe::memory,
    .in_place = true,
    .sink = true,
    .readings = readings,
};
