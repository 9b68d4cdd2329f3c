// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// "did you mean …?"

#pragma once

#include <span>
#include <string_view>

namespace perigee {

/// Edits that turn one word into the other: a letter put in, left out, changed, or two swapped.
unsigned edit_distance(std::string_view a, std::string_view b);

/// The name that was probably meant by a word, or empty if none is near enough.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

}  // namespace perigee
