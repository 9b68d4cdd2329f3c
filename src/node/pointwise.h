// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "dsp/arithmetic.h"
#include "node/lanewise.h"

namespace perigee {

/// One operation between a signal and a parameter, in each lane.
template <dsp::Operation operation>
struct PointwiseKernel {
  using Lane = dsp::ArithmeticLane;
  explicit PointwiseKernel(const Setup&) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool) const noexcept {
    return dsp::calculate(operation, lanes, frames);
  }
  bool operator==(const PointwiseKernel&) const = default;
};

}  // namespace perigee
