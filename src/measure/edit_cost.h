// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an edit costs, where it is built and where it is heard.

#pragma once

#include <vector>

#include "measure/workload.h"

namespace perigee {

/// A number for each edit.
struct EditCost {
  std::vector<double>
      save_to_sound;  ///< ms from the script's text to the end of the first period that has it
  // ns that the audio thread took for a period:
  std::vector<double> at_rest;  ///< the last one before
  std::vector<double> first;    ///< with the exchange of plans
  std::vector<double> fading;   ///< the longest of those with fades, after the first
};

/// Plays, and edits as often as the workload says, in periods of so many frames, on one processor: what
/// building leaves in its caches, the audio thread finds there.
EditCost measure_edits(const EditWorkload& workload, int period);

}  // namespace perigee
