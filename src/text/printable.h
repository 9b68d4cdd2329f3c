// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

//
// Text from scripts, files, ports and the network, as it may be shown.

#pragma once

#include <string>
#include <string_view>

namespace perigee {

/// Text as it may be shown anywhere: control characters, and bytes that are no UTF-8, become U+FFFD.
std::string printable(std::string_view text);

/// The same, but lines may end and tabulators stand in it: what a terminal shows as text, and does not obey.
std::string for_terminal(std::string_view text);

/// Bytes of the character that begins a text; 0 if none does (RFC 3629: no surrogates, nothing overlong).
std::size_t character_length(std::string_view text);

/// How many characters.
std::size_t characters(std::string_view utf8);

}  // namespace perigee
