// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Patches that more than one test wants.

#pragma once

#include <span>

#include "support/patch_maker.h"
#include "support/rig.h"

namespace perigee::test {

/// The rigs' nodes as a patch: their inputs and the parameters that are signals come from inputs, their
/// outputs go to outputs.
Patch patch_of(std::span<const Rig> rigs);
inline Patch patch_of(const Rig& rig) { return patch_of({&rig, 1}); }
/// What has to come in for the same sound: the lanes of all inputs of patch_of(rig), one after the other.
Sound inputs_of(const Rig& rig);

/// mic (2 lanes) straight and through 240 frames into a blend; a second, earlier output; a monitor that opts
/// out.
PatchMaker parallel_paths();
/// The same seed, the same patch: layers of blends and latencies with random wires, some opted out, some fed
/// back.
PatchMaker random_patch(unsigned seed, unsigned nodes);

}  // namespace perigee::test
