// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <map>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "patch/patch.h"

namespace perigee::cli {

/// Prints every mistake, a line each, to standard error.
void print_mistakes(std::span<const Mistake> mistakes);

/// What the engine has told: faults at once, to standard error; readings of meters and probes when asked.
class Reports {
 public:
  /// Takes what is waiting; prints new faults.
  void take(Engine& engine);
  /// Prints the last reading of each meter and probe, a line each, to standard output.
  void print_readings() const;

 private:
  std::vector<std::pair<const Instance*, Report>> last_;
  std::map<const Instance*, int> faults_;
};

}  // namespace perigee::cli
