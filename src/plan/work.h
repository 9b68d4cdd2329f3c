// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long nodes will take: what is known of their kinds, times their lanes.

#pragma once

#include <map>

#include "patch/patch.h"
#include "patch/shape.h"

namespace perigee {

/// By kind: nanoseconds for a lane of 64 frames, as measured on this machine.
using KindTimes = std::map<const Spec*, double>;

/// Lanes that a node has to run; of one that adds them up, those that come in.
double lanes_to_run(const PatchNode& node, const Shape& shape);

/// An estimate, if the kind has not been measured: a figure for kernels and one for all others.
double ns_a_lane(const KindTimes& known, const Spec& kind);

}  // namespace perigee
