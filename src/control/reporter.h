// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Says in words what the audio thread reports. Control thread only.

#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "engine/report.h"

namespace perigee {

class Reporter {
 public:
  /// Faults go to `faults` at once, but a node that goes on making them is only counted. The readings of
  /// probes are kept for the end.
  Reporter(std::FILE* faults, std::FILE* readings) : faults_(faults), readings_(readings) {}

  void take(const Report& report, double rate);
  /// The last reading of each probe, and how many faults there were.
  void finish();

 private:
  struct Faults {
    unsigned count = 0;
    Frames last_told = 0;
    unsigned told = 0;
  };

  std::FILE* faults_;
  std::FILE* readings_;
  std::map<std::string, Faults> faults_by_text_;
  std::map<std::string, std::string> last_readings_;
};

}  // namespace perigee
