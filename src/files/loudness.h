// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <span>
#include <string>

#include "dsp/frames.h"

namespace perigee::files {

/// How loud a sound is: peak, and integrated loudness after EBU R 128. Not for the real-time thread.
class Loudness {
 public:
  Loudness(double rate, unsigned lanes);  ///< of any rate, and of any number of lanes
  ~Loudness();
  void add(std::span<const float* const> lanes, Frames frames);
  double peak_db() const;     ///< dBFS; −infinity for silence
  double integrated() const;  ///< LUFS; −infinity below the gate of −70, and if it is not measured
  /// Why there is no loudness, only a peak; empty if there is.
  const std::string& unmeasured() const { return unmeasured_; }

 private:
  struct Meter;
  std::string unmeasured_;
  std::unique_ptr<Meter> meter_;
};

}  // namespace perigee::files
