// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the signals between steps lie. Memory is used again as soon as its last reader has run, and a node
// runs in place where nobody else needs its first input.

#pragma once

#include <vector>

#include "patch/patch.h"
#include "plan/plan.h"

namespace perigee {

inline constexpr std::uint32_t kNoValue = UINT32_MAX;

/// A signal that one step passes on to others: first by number, then by place.
struct Passed {
  std::uint32_t lanes = 1;
  bool still = false;
  std::uint32_t last_reader = 0;  ///< step
  std::uint32_t last_uses = 0;    ///< by that step
  std::uint32_t slot = kNoValue;
  bool abroad = false;  ///< another thread reads it than writes it
};

/// A use of a value by a step; becomes a Bundle once the value has its place.
struct Use {
  std::uint32_t value = kNoValue;
  std::uint32_t lane = 0;
  std::uint32_t lanes = 0;
};

/// What one node or line does in a step.
struct Part {
  Step step;
  std::vector<Use> in, params, out;
  std::vector<Use> unscaled = {};  ///< mix: by input
};

/// A step: one part, or the members of a bank.
struct StepDraft {
  std::vector<Part> parts;
  bool scales = false;  ///< a member of the next mix
};

/// Fills in the bundles of all steps. Memory is used again by the thread that used it before, and never where
/// another one reads it: `share_of` are the threads of the steps. Returns how many slots they need.
std::uint64_t place(const Patch& patch, std::vector<Passed>& values, std::vector<StepDraft>& drafts,
                    std::span<const std::uint32_t> share_of);

}  // namespace perigee
