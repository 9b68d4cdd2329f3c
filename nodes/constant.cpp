// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port out[] = {{"out", "the value"}};
constexpr Param params[] = {{"value", Unit::none, -kNoLimit, kNoLimit, 0, "what comes out"}};

class Constant final : public Node {
 public:
  explicit Constant(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto value = io.param[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = value[i];
    }
  }
  void reset() noexcept override {}
};

}  // namespace

PERIGEE_NODE(constant) = {
    .kind = "constant",
    .group = "sources",
    .doc = "a number as a signal",
    .out = out,
    .params = params,
    .make = make<Constant>,
};
