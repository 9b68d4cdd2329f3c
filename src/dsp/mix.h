// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Many signals become one.

#pragma once

#include <span>

#include "dsp/frames.h"

namespace perigee::dsp {

/// Sums in double, so that the order in which signals were wired is all that the result depends on: 29 bits
/// below the last one of a float. Wait-free, one thread.
class Mix {
 public:
  /// Adds so many signals.
  void add(std::span<const float* const> signals, int frames) noexcept;
  /// Writes the sum, and starts anew.
  void take(float* out, int frames) noexcept;

 private:
  alignas(64) double sums_[kChunk] = {};
};

}  // namespace perigee::dsp
