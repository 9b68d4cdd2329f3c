// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/frame_clock.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace perigee {

namespace {

/// Two clocks part by some 50 µs in each second: 12 frames in this time, at 48 kHz.
constexpr std::int64_t kWindow = 5'000'000'000;  // nanoseconds

constexpr double kNothing = -std::numeric_limits<double>::infinity();

}  // namespace

double FrameClock::position(std::int64_t clock) const {
  return frames_ + static_cast<double>(clock - anchor_) * 1e-9 * rate_;
}

void FrameClock::observe(Frames now, std::int64_t clock, double rate) {
  const auto frame = static_cast<double>(now);
  if (rate != rate_) {
    *this = {};
    rate_ = rate;
    anchor_ = since_ = clock;
    frames_ = frame;
    highest_ = kNothing;
  }
  const double above = frame - position(clock);
  highest_ = std::max(highest_, above);
  if (above > 0) frames_ += above;
  if (clock - since_ < kWindow && clock >= since_) return;
  // Nothing has come up to the line for so long: it is too high.
  if (highest_ < 0) frames_ += highest_;
  highest_ = kNothing;
  since_ = clock;
}

Frames FrameClock::at(std::int64_t clock) const { return std::llround(position(clock)); }

}  // namespace perigee
