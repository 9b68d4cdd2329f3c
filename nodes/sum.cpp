// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

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
      const auto signal = [&io, lane](std::size_t i) { return io.in[i][lane]; };
      dsp::mix(io.in.size(), signal, io.out[0][lane], io.frames);
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
    .adds_up = true,
};
