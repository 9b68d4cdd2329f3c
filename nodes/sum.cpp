// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <array>

#include "dsp/mix.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{.name = "in", .doc = "signals", .many = true}};
constexpr Port out[] = {{"out", "all signals together, lane by lane"}};

class Sum final : public Node {
 public:
  explicit Sum(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      dsp::Mix mix(io.frames);
      std::array<const float*, 64> some;
      for (std::size_t first = 0; first < io.in.size(); first += some.size()) {
        const std::size_t count = std::min(some.size(), io.in.size() - first);
        for (std::size_t i = 0; i < count; ++i) some[i] = io.in[first + i][lane];
        mix.add(std::span<const float* const>(some).first(count));
      }
      mix.write(io.out[0][lane]);
    }
  }
  void reset() noexcept override {}
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
};
