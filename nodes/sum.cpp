// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <algorithm>
#include <array>
#include <vector>

#include "dsp/mix.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{.name = "in", .doc = "signals", .many = true}};
constexpr Port out[] = {{"out", "all signals together, lane by lane"}};

class Sum final : public Node {
 public:
  explicit Sum(const Setup& setup) : lanes_(setup.lanes) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < lanes_.size(); ++lane) {
      std::array<const float*, 64> some;
      for (std::size_t first = 0; first < io.in.size(); first += some.size()) {
        const std::size_t count = std::min(some.size(), io.in.size() - first);
        for (std::size_t i = 0; i < count; ++i) some[i] = io.in[first + i][lane];
        lanes_[lane].add(std::span<const float* const>(some).first(count), io.frames);
      }
      if (!io.out.empty()) lanes_[lane].take(io.out[0][lane], io.frames);
    }
  }
  void reset() noexcept override { std::ranges::fill(lanes_, dsp::Mix()); }

 private:
  std::vector<dsp::Mix> lanes_;
};

}  // namespace

PERIGEE_NODE(sum) = {
    .kind = "sum",
    .group = "level and routing",
    .doc = "mixes signals, exact to the last bit",
    .in = in,
    .out = out,
    .make = make<Sum>,
    .in_place = true,
    .by_parts = true,
};
