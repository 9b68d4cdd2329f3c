// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/guard.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace perigee::cli {

namespace {

constexpr double kLeast = -100, kMost = 200;  // dBFS

std::optional<double> level(const std::string& text) {
  double db = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), db);
  if (failure != std::errc() || end != text.data() + text.size() || !(db >= kLeast && db <= kMost)) return {};
  return db;
}

}  // namespace

void add_guard(CLI::App& command, std::string& text) {
  command
      .add_option(
          "--guard", text,
          "dBFS above which an output falls silent and the nodes behind it are reset; 40 if not given")
      ->check([](const std::string& given) {
        return given == "off" || level(given)
                   ? std::string()
                   : fmt::format("{} is neither {:g} to {:g} dBFS nor off", given, kLeast, kMost);
      })
      ->option_text("DB|off");
}

float limit_of(const std::string& text) {
  const auto db = level(text);
  return db ? static_cast<float>(std::pow(10, *db / 20)) : std::numeric_limits<float>::max();
}

}  // namespace perigee::cli
