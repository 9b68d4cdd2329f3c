// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "dsp/oscillator.h"
#include "node/lanewise.h"

namespace perigee {

/// Makes one of the oscillators' waves in each lane. Its parameters are that function's.
template <dsp::Wave wave>
struct OscillatorKernel {
  using Lane = dsp::OscillatorLane;
  explicit OscillatorKernel(const Setup& setup) : rate(setup.rate) {}
  bool operator()(std::span<const Lane> lanes, int frames, bool same) const noexcept {
    return dsp::oscillate(wave, lanes, rate, frames, same);
  }
  bool operator==(const OscillatorKernel&) const = default;
  double rate;
};

}  // namespace perigee
