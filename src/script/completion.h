// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a word that somebody types might go on.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace perigee {

class Session;

/// What the end of the text, "filt", "filter:" or "math.fl", may become: names that the script knows,
/// methods, outputs and parameters of a signal, fields of a table; sorted, 200 at most. Of a state that is at
/// rest.
std::vector<std::string> completions(Session& session, std::string_view text);

}  // namespace perigee
