// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stereo signals, turned to one side.

#pragma once

#include <span>

#include "dsp/arithmetic.h"

namespace perigee::dsp {

using BalanceLane = Lane<Stateless, 1>;  ///< position, −1 left … 1 right

/// Lanes in pairs, left and right. The side turned to stays; the other falls in a straight line, to nothing
/// at the end. False when something came out that is not finite. Wait-free, any thread.
bool balance(std::span<const BalanceLane> lanes, int frames) noexcept;

}  // namespace perigee::dsp
