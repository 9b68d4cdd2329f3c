// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include <array>

#include "dsp/mix.h"
#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "bundle"}};
constexpr Port out[] = {{"out", "one lane: the sum of all lanes"}};

class Fold final : public Node {
 public:
  explicit Fold(const Setup&) {}

  void process(const Block& io) noexcept override {
    dsp::Mix mix;
    std::array<const float*, 64> some;
    for (unsigned first = 0; first < io.in[0].lanes; first += some.size()) {
      const std::size_t count = std::min<std::size_t>(some.size(), io.in[0].lanes - first);
      for (unsigned i = 0; i < count; ++i) some[i] = io.in[0][first + i];
      mix.add(std::span<const float* const>(some).first(count), io.frames);
    }
    mix.take(io.out[0][0], io.frames);
  }
  void reset() noexcept override {}
};

}  // namespace

PERIGEE_NODE(mix) = {
    .kind = "mix",
    .group = "level and routing",
    .doc = "folds a bundle into one lane",
    .in = in,
    .out = out,
    .make = make<Fold>,
    .lanes = [](const Setup&) { return 1U; },
    .any_lanes = true,
};
