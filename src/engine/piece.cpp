// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/piece.h"

namespace perigee {

Block piece_of(Share& share, const RunStep& step, Frames now, int at, int frames) noexcept {
  for (std::size_t i = 0; i < step.in.size(); ++i) {
    share.signals[i] = step.in[i];
    share.signals[i].data += at;
  }
  for (std::size_t i = 0; i < step.out.size(); ++i) {
    share.bundles[i] = step.out[i];
    share.bundles[i].data += at;
  }
  for (std::size_t i = 0; i < step.params.size(); ++i) {
    Control control = step.params[i];
    const Ramp& number = step.instance->numbers[i];
    if (control.data != number.still()) {
      control.data += at;
    } else if (number.end() > now + at) {
      float* moving = share.ramps.data() + i * kChunk;
      for (int k = 0; k < frames; ++k) moving[k] = number.at(now + at + k);
      control = {moving, 0, false};
    }
    share.controls[i] = control;
  }
  return {.frames = frames,
          .in = std::span(share.signals).first(step.in.size()),
          .param = std::span(share.controls).first(step.params.size()),
          .out = std::span(share.bundles).first(step.out.size()),
          .related = step.related};
}

}  // namespace perigee
