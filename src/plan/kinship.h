// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "plan/wires.h"

namespace perigee {

/// Whether two inputs of a node share an ancestor: then their signals may be alike, and a crossfade between
/// them keeps its level by fading linearly; strangers keep it at equal power.
bool related_inputs(const WiresTo& wires_to, std::size_t nodes, NodeId id);

}  // namespace perigee
