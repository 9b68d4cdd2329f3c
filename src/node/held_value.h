// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The node behind constant and selector: its parameter, as a signal.

#pragma once

#include "node/spec.h"

namespace perigee {

class HeldValue final : public Node {
 public:
  explicit HeldValue(const Setup&) {}

  void process(const Block& io) noexcept override {
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const auto value = io.param[0][lane];
      float* out = io.out[0][lane];
      for (int i = 0; i < io.frames; ++i) out[i] = value[i];
    }
  }
  void reset() noexcept override {}
};

}  // namespace perigee
