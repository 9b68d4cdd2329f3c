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

class Session;
class Watchdog;

struct Moment {
  std::weak_ptr<Watchdog> state;  ///< the script's, if it is still kept
  /// By node of the patch: its number in the script, which counts all nodes that were ever made. Gates
  /// (patch/spillover.h) and learned controllers (patch/learned.h), which come last, have none.
  std::vector<NodeId> origin;
  /// Globals that held signals, by the script's numbers.
  std::vector<std::pair<std::string, Source>> signals;
};

// Of a state that is at rest.

/// After a load: how its patch, which has all nodes of the script, belongs to the state.
std::shared_ptr<Moment> first_moment(Session& session);
/// Globals hold the signals that they held at that moment; those that have one now and had none, nothing.
void put_back(Session& session, const Moment& moment);
/// Takes stock of the nodes that were made, whose numbers are never given twice.
void count_nodes(Session& session);

}  // namespace perigee
