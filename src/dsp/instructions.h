// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sets of instructions that kernels are compiled for.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perigee::dsp {

/// What this machine can run, best first: "avx512", "avx2", "sse4"; "neon" elsewhere.
std::vector<std::string> instructions();

/// From now on kernels use this set; "": the best that there is. False when this machine does not have it.
/// Before any thread runs kernels.
bool use_instructions(std::string_view name);

/// Chooses the best set, if nobody has chosen yet: kernels would do so in their first call, and asking the
/// processor takes a virtual machine longer than a period may wait.
void choose_instructions();

}  // namespace perigee::dsp
