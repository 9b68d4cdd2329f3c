// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a script and a version of its patch belong together: code that is sent, and undo, begin with it.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "patch/patch.h"

namespace perigee {

class Watchdog;

struct Moment {
  std::weak_ptr<Watchdog> state;  ///< the script's, if it is still kept
  /// By node of the patch: its number in the script, which counts all nodes that were ever made. Gates
  /// (patch/spillover.h) and learned controllers (patch/learned.h), which come last, have none.
  std::vector<NodeId> origin;
  /// Globals that held signals, by the script's numbers.
  std::vector<std::pair<std::string, Source>> signals;
};

}  // namespace perigee
