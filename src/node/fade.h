// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kind of node that stands on a wire while an edit takes hold: one signal goes, the other comes. No
// script can make it; the planner does.

#pragma once

#include "node/spec.h"

namespace perigee {

/// Inputs `from` and `to`, either of which may be unwired: silence. For `wait` frames `from` passes, then
/// they are exchanged over `frames` frames, then `to` passes, bit for bit. The gains add up to one with
/// `linear` 1, or when one side is unwired; else their powers do.
extern const Spec fade_spec;

/// Indices into its fixed values.
inline constexpr std::size_t kFadeFrames = 0, kFadeWait = 1, kFadeLinear = 2;

}  // namespace perigee
