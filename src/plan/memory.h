// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch will take, known from declarations before any of it is there: its nodes with their state, the
// delay lines of wires, and the signals between steps. Not what the script itself takes, which has a limit of
// its own, nor what is the same for all patches.

#pragma once

#include <optional>

#include "plan/plan.h"

namespace perigee {

/// A node, from when it is built until it is freed.
Bytes memory_of_node(const PatchNode& node, const Setup& setup);
Bytes memory_of_line(const LinePlan& line);
/// Of a plan: signals, and what the steps know of them. More signals than there are numbers for their places
/// are all the memory there is.
Bytes memory_of_steps(const Patch& patch, const Plan& plan);

/// Of a plan that is laid out.
struct Memory {
  std::vector<Bytes> nodes;  ///< by node
  std::vector<Bytes> lines;  ///< by Plan::lines
  Bytes steps;
  Bytes to_build;  ///< besides, for a moment: of the node that takes most to be built
  Bytes all() const;
};
Memory memory_of(const Patch& patch, const Plan& plan);

/// Whether it is more than there may be.
bool exceeds(Bytes bytes, Bytes budget);

/// Told at the node that takes most: how much the patch wants, how much it may have, who wants how much, and
/// what to do.
Mistake memory_mistake(const Patch& patch, const Plan& plan, const Memory& memory, Bytes budget);

}  // namespace perigee
