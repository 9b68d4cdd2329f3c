// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

#include "node/bytes.h"

namespace perigee::cli {

/// The option --memory SIZE, whose text memory_of() understands.
void add_memory(CLI::App& command, std::string& text);

/// Of "512M", "1.5G" or a number of bytes; of nothing, what a patch usually may take.
Bytes memory_of(const std::string& text);

}  // namespace perigee::cli
