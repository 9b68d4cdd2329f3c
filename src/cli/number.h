// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <charconv>
#include <cmath>
#include <string>

namespace perigee::cli {

/// Takes decimal numbers from `min` to `max`, and nothing else: no NaN, which no comparison finds, no
/// infinity, no other base, nothing behind it. Numbers of an int have to be whole.
template <typename Number>
CLI::Validator number_in(Number min, Number max) {
  return {[min, max](const std::string& text) {
            Number number = 0;
            const char* const end = text.data() + text.size();
            const auto [read, failure] = std::from_chars(text.data(), end, number);
            if (failure == std::errc() && read == end && number >= min && number <= max) return std::string();
            return fmt::format("{} is no number from {} to {}", text.empty() ? "\"\"" : text, min, max);
          },
          fmt::format("{} to {}", min, max)};
}

}  // namespace perigee::cli
