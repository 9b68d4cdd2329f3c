// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <vector>

#include "patch/patch.h"

namespace perigee {

/// Mistakes that no script can make, in a patch that something else than a script has written: wires from
/// outputs and to ports that are not there, gates out of their place, a tempo or fade of no sense. Whoever
/// compiles such a patch asks first; validate() takes for granted that there are none.
std::vector<Mistake> loose_ends(const Patch& patch);

}  // namespace perigee
