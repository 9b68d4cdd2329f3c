// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sanitizers take ten times as long, and find what they find in fewer repetitions.

#pragma once

#include <algorithm>

namespace perigee::test {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
inline constexpr int kEase = 8;
#else
inline constexpr int kEase = 1;
#endif

/// So often instead of that often, if a sanitizer looks on.
constexpr int effort(int often) { return std::max(1, often / kEase); }

}  // namespace perigee::test
