// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "engine/program.h"

namespace perigee {

/// A part of a chunk, from frame `at` of it: the step's views, moved there, and its numbers, of which those
/// on their way become signals. `now` is the chunk's first frame in engine time. Valid until the next one of
/// the share. Audio thread.
Block piece_of(Share& share, const RunStep& step, Frames now, int at, int frames) noexcept;

}  // namespace perigee
