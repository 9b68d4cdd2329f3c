// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <span>
#include <string_view>

namespace perigee {

/// The name that was probably meant by a word, or empty if none is near enough.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

}  // namespace perigee
