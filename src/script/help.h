// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// help(x): what a kind of node or a function is, from its declaration.

#pragma once

#include <string>
#include <string_view>

#include "script/kinds.h"

namespace perigee {

/// A kind's ports, parameters, ranges, units and defaults; of a function of lua/api, its comment; without a
/// name, the list of all kinds.
std::string help_text(const Kinds& kinds, std::string_view name);

}  // namespace perigee
