// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writing manual pages in mdoc(7). The generated pages are hand-written frames, files with a line that says
// where the generated part goes.

#pragma once

#include <string>
#include <string_view>

namespace perigee::man {

/// Prose for lines of its own: nothing in it is taken for a macro or an escape, and it is plain ASCII.
std::string prose(std::string_view utf8);
/// One argument of a macro.
std::string argument(std::string_view utf8);
/// One line of code in a literal display.
std::string code(std::string_view utf8);

/// The frame's text with the line MARK replaced. Throws when the file cannot be read or has no such line.
std::string framed(const std::string& frame, std::string_view mark, std::string_view text);

std::string file_text(const std::string& path);

}  // namespace perigee::man
