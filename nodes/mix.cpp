// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

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
    const Signal& in = io.in[0];
    dsp::mix(
        in.lanes, [&in](std::size_t i) { return in[static_cast<unsigned>(i)]; }, io.out[0][0], io.frames);
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
