// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <nlohmann/json.hpp>

namespace perigee::cli {

/// What a running patch answered: value and summary to standard output, mistakes to standard error. Whether
/// there was none.
bool print_answer(const nlohmann::json& answer);

/// What it prints, a line.
void print_said(const std::string& line);

}  // namespace perigee::cli
