// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "node/spec.h"

namespace {

using namespace perigee;

constexpr Port in[] = {{"in", "wired by :from(signal), once"}};
constexpr Port out[] = {{"out", "the signal, later"}};
constexpr Fixed fixed[] = {
    number("frames", Unit::frames, kChunk, 1 << 22, kChunk,
           "how much later; compensation neither counts nor moves it"),
};

}  // namespace

PERIGEE_NODE(feedback) = {
    .kind = "feedback",
    .group = "level and routing",
    .doc = "closes a cycle: a wire from a signal that is only made later",
    .in = in,
    .out = out,
    .fixed = fixed,
    .role = Role::feedback,
    .args = "frames",
};
