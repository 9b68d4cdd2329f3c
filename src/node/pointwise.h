// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The node behind add, subtract, multiply and divide: one operation between a signal and a parameter, frame
// by frame.

#pragma once

#include "node/spec.h"

namespace perigee {

template <typename Operation>
class Pointwise final : public Node {
 public:
  explicit Pointwise(const Setup&) {}

  void process(const Block& io) noexcept override {
    constexpr Operation operation;
    for (unsigned lane = 0; lane < io.out[0].lanes; ++lane) {
      const float* in = io.in[0][lane];
      const auto by = io.param[0][lane];
      float* out = io.out[0][lane];
      if (by.still) {
        const float number = by[0];
        for (int i = 0; i < io.frames; ++i) out[i] = operation(in[i], number);
      } else {
        for (int i = 0; i < io.frames; ++i) out[i] = operation(in[i], by[i]);
      }
    }
  }
  void reset() noexcept override {}
};

}  // namespace perigee
