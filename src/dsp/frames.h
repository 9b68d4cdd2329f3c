// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How sound is counted.

#pragma once

#include <cstdint>

namespace perigee {

/// A count of sample frames, or a place in time counted in them.
using Frames = std::int64_t;

/// The most frames in one call of a node, and the length of every buffer.
inline constexpr int kChunk = 64;

}  // namespace perigee
