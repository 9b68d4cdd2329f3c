// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kinds of node that only tests have.

#pragma once

#include "node/spec.h"

namespace perigee::test {

/// A delay of so many fixed frames, declared as latency.
extern const Spec lag;
/// y = x + 0.9·y before: a little recursion, so that a lost frame shows.
extern const Spec leak;
/// The square root: of what is below zero, NaN.
extern const Spec root;

}  // namespace perigee::test
