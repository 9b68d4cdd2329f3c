// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One operation between a signal and a parameter, frame by frame.

#pragma once

#include <span>

#include "dsp/lane.h"

namespace perigee::dsp {

enum class Operation { add, subtract, multiply, divide };

struct Stateless {};
using ArithmeticLane = Lane<Stateless, 1>;

/// out = in ∘ parameter, as IEEE 754 rounds it. False when something came out that is not finite. Wait-free,
/// any thread.
bool calculate(Operation operation, std::span<const ArithmeticLane> lanes, int frames) noexcept;

}  // namespace perigee::dsp
