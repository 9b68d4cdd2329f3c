// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/transport_watch.h"

#include <cmath>

namespace perigee {

namespace {

/// Masters compute beats from frames in their own ways: what differs by less than a frame or so is the same.
constexpr double kTolerance = 2;  // frames

}  // namespace

bool TransportWatch::look(TransportPosition& now, double rate) noexcept {
  jumped_ = jumped_ || !known_ || now.frame != next_;
  now.jumped = jumped_;
  next_ = now.frame + (now.rolling ? now.period : 0);
  if (now.jumped || now.rolling != last_.rolling || now.beat.has_value() != last_.beat.has_value())
    return true;
  if (!now.beat) return false;
  if (now.beat->tempo != last_.beat->tempo) return true;
  const double beats_a_frame = now.beat->tempo / (60 * rate);
  const double expected = last_.beat->beat + static_cast<double>(now.frame - last_.frame) * beats_a_frame;
  const double grain = now.beat->grain + last_.beat->grain + kTolerance * beats_a_frame;
  return std::abs(now.beat->beat - expected) > grain;
}

void TransportWatch::told(const TransportPosition& now) noexcept {
  known_ = true;
  jumped_ = false;
  last_ = now;
}

}  // namespace perigee
