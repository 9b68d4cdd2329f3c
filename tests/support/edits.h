// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches to be edited into each other.

#pragma once

#include "patch/patch.h"

namespace perigee::test {

/// So many different ones.
inline constexpr unsigned kPatchesToEdit = 8 * 7 * 5 * 3;

/// They differ in nodes, wires, ports (up to 2 channels out, none in), numbers and latencies: effects change
/// places, echoes and feedback come and go, a delay line grows. All have a sine named "tone" and an output
/// "main".
Patch patch_to_edit(unsigned number);

}  // namespace perigee::test
