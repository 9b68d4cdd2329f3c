// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a block of code that is sent to a running patch does to the patch: it adds nodes behind those that
// there are, and gives names to other signals. The first node that it made tells old from new.

#pragma once

#include <span>
#include <vector>

#include "patch/patch.h"

namespace perigee {

/// A name that meant one signal means another.
struct Redefinition {
  Source from, to;
};

/// Whatever heard the old signal hears the new one, save the new nodes, and what the new signal is made of:
/// `tone = tone:lowpass(300)` puts a filter behind `tone`.
void redefine(Patch& patch, NodeId first_new, std::span<const Redefinition> all);

/// Old nodes that a new one takes the place of: outputs of the same name, and those that had the same pin,
/// which they lose.
std::vector<NodeId> replaced(Patch& patch, NodeId first_new);

/// By node: whether a root hears it, directly or not, or it is one; or only what it hears without a feedback.
std::vector<bool> heard_by(const Patch& patch, const std::vector<NodeId>& roots,
                           bool through_feedback = true);

/// A part of a patch, its nodes in the same order, and where they were in the whole.
struct PatchPart {
  Patch patch;
  std::vector<NodeId> origin;
};
/// What is wired to the nodes that are left stays too.
PatchPart part_of(const Patch& whole, const std::vector<bool>& stays);
/// The reverse: nodes of the part go back to where they were, and in place of the others blank ones stand.
/// Gates (patch/spillover.h) and learned controllers (patch/learned.h) have no place in it.
Patch whole_of(const Patch& part, std::span<const NodeId> origin, std::span<const Spec* const> kinds);

}  // namespace perigee
