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

/// What a script without --trust hears when it asks for what is not in the sandbox.
inline constexpr std::string_view kTrust = ": scripts have no access to the system, unless run with --trust";

/// For what Lua itself says. "attempt to call method 'uper' (a nil value)": the same, among methods and
/// library functions. "attempt to index global 'noise' (a function value)": that a kind of node is called.
std::string hint_after(const Session& session, std::string_view message);
/// For what Lua's compiler says.
std::string_view hint_after_compiler(std::string_view message);

}  // namespace perigee
