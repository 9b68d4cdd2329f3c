// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fault: a node has made NaN or infinity. Real-time safe.

#pragma once

#include <span>

#include "node/node.h"

namespace perigee {

/// The first of these frames in which any lane is not finite, or at + frames when all are.
int find_fault(std::span<const Output> out, int at, int frames) noexcept;

/// Writes zeros.
void silence(std::span<const Output> out, int at, int frames) noexcept;

}  // namespace perigee
