// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "dsp/bandlimited_wave.h"
#include "dsp/phase.h"

namespace perigee::dsp {

/// A phase that runs at `hz`, and what it is at each frame: calls wave(frame, turn, stride). `hz` and
/// `offset` (cycles) are a node's parameters in one lane.
class Oscillator {
 public:
  template <typename Control, typename Wave>
  void run(const Control& hz, const Control& offset, double per_frame, int frames, Wave wave) {
    Stride stride(hz[0] * per_frame);
    for (int i = 0; i < frames; ++i) {
      const double step = hz[i] * per_frame;
      if (!hz.still) stride = Stride(step);
      wave(i, phase_.turn() + turn_of(offset[i]), stride);
      phase_.advance(step);
    }
  }

 private:
  Phase phase_;
};

}  // namespace perigee::dsp
