// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

#include "plan/schedule.h"

namespace perigee::cli {

/// The option --threads N|auto, whose text threads_of() understands.
void add_threads(CLI::App& command, std::string& text);

/// No more than there are processors. `start`: how many nanoseconds pass in a period until threads that sleep
/// have begun; auto reckons with it.
Threads threads_of(const std::string& text, double start);

}  // namespace perigee::cli
