// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "dsp/svf.h"
#include "node/lanewise.h"

namespace perigee {

/// Filters each lane by one of svf's responses. Its parameters are that function's.
template <dsp::Response response>
struct FilterKernel {
  using Lane = dsp::SvfLane;
  explicit FilterKernel(const Setup& setup) : rate(setup.rate) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool same) const noexcept {
    return dsp::svf(response, lanes, rate, frames, same);
  }
  bool operator==(const FilterKernel&) const = default;
  double rate;
};

}  // namespace perigee
