// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace perigee::cli {

/// The usual level, dBFS.
inline constexpr const char* kUsualGuard = "40";

/// The option --guard DB|off, whose text limit_of() understands.
void add_guard(CLI::App& command, std::string& text);

/// For Engine::guard. Of a text that the option has let through.
float limit_of(const std::string& text);

}  // namespace perigee::cli
