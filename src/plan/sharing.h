// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The steps of a plan as tasks for several threads: what each reads, writes and costs.

#pragma once

#include "plan/placement.h"

namespace perigee {

/// Decides by plan.threading, and for no more than so many threads, which thread runs which step; fills in
/// plan.shares, puts the drafts into the order in which they are best run, and returns the thread of each.
/// Before they are placed: memory is then used again only by the thread that used it before.
std::vector<std::uint32_t> share(const Patch& patch, Plan& plan, const std::vector<Passed>& values,
                                 std::vector<StepDraft>& drafts, unsigned most_threads);

}  // namespace perigee
