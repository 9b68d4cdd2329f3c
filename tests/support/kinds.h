// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kinds of node that only tests have: as plain as can be, so that a test of the plan or the engine tests
// nothing else.

#pragma once

#include "node/spec.h"

namespace perigee::test {

extern const Spec
    late_sum;               ///< adds its many inputs and is `frames` late, as declared; `gain` scales the sum
extern const Spec copy_of;  ///< output = input, in place where it may; `by` is not used
extern const Spec value_of;    ///< output = parameter `value`, frame by frame
extern const Spec multiply_;   ///< output = input · parameter `by`
extern const Spec accumulate;  ///< output = sum of all input so far: a NaN would stay for ever
extern const Spec faulty;  ///< passes its input on, but makes NaN when that is 1000 and infinity when it is
                           ///< 2000; counts its frames since a reset into output 2
extern const Spec leak;    ///< y = x + 0.9·y before: a little recursion, so that a lost frame shows
extern const Spec root;    ///< the square root: of what is below zero, NaN

// Of these, plans and pictures can be made, but no programs.
extern const Spec late;   ///< declares the latency `frames`
extern const Spec blend;  ///< takes any number of signals, has a `level` and a second output `rest`

}  // namespace perigee::test
