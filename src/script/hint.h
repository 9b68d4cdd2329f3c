// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// "did you mean …?"

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/nearest.h"

namespace perigee {

class Session;

/// ": did you mean NAME?", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

/// For Lua's "attempt to call method 'uper' (a nil value)": the same, among methods and library functions.
std::string hint_for_nil(const Session& session, std::string_view message);

}  // namespace perigee
