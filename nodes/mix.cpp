// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "bundle"}};
constexpr Port out[] = {{"out", "one lane: the sum of all lanes"}};

class Mix final : public Node {
 public:
  explicit Mix(const Setup&) {}

  void process(const Block& io) noexcept override {
    double sum[kChunk] = {};
    for (unsigned lane = 0; lane < io.in[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      for (int i = 0; i < io.frames; ++i) sum[i] += in[i];
    }
    for (int i = 0; i < io.frames; ++i) io.out[0][0][i] = static_cast<float>(sum[i]);
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
    .make = make<Mix>,
    .lanes = [](const Setup&) { return 1U; },
    .any_lanes = true,
};
