// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plausible use of any kind of node, made from its declaration, for tests that walk the registry.

#pragma once

#include "support/rig.h"

namespace perigee::test {

/// Inputs are noise of so many lanes; parameters are random numbers inside their ranges (seeded by their
/// names), or, `wired`, signals that move there. Fixed values that a declaration requires come from a table
/// in sample.cpp.
Rig sample(const Spec& spec, unsigned lanes, bool wired, Frames frames);

/// Whether an output lane depends only on the same lane of the inputs: not in mixes, pans or linked dynamics.
bool lanes_are_independent(const Spec& spec);

}  // namespace perigee::test
