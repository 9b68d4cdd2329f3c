// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a musician never means a parameter to be, and may all the same make of it.

#pragma once

#include <string>

#include "support/rig.h"

namespace perigee::test {

struct Drive {
  std::string name;
  Sound signal;
};

/// Signals for a parameter of a kind: its ends, what is far beyond them, what is hardly there, steps, noise
/// and a fast oscillation. The same seed, the same signals.
std::vector<Drive> drives(const Param& param, unsigned lanes, Frames frames, std::uint64_t seed);

/// The same, as an engine hands it to a node: held between a parameter's bounds.
Sound held(const Spec& spec, std::size_t param, Sound signal);

}  // namespace perigee::test
