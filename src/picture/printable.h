// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>
#include <string_view>

namespace perigee {

/// Text as it may be shown anywhere: control characters, and bytes that are no UTF-8, become U+FFFD.
std::string printable(std::string_view text);

/// How many characters.
std::size_t characters(std::string_view utf8);

}  // namespace perigee
