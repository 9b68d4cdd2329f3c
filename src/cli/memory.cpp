// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/memory.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "control/budget.h"

namespace perigee::cli {

namespace {

std::optional<Bytes> size_in(const std::string& text) {
  double number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, number, std::chars_format::fixed);
  if (failure != std::errc()) return {};
  constexpr std::string_view kUnits = "KMGT";
  std::string_view unit(end, static_cast<std::size_t>(last - end));
  if (!unit.empty()) {
    const auto power = kUnits.find(unit.front());
    if (power == std::string_view::npos || unit.size() > 1) return {};
    for (std::size_t i = 0; i <= power; ++i) number *= 1024;
  }
  if (!(number >= 1 && number < 0x1p63)) return {};
  return Bytes(static_cast<std::uint64_t>(number));
}

}  // namespace

void add_memory(CLI::App& command, std::string& text) {
  command
      .add_option("--memory", text,
                  "that the patch may take, as in 512M or 2G; a quarter of what there is if not given")
      ->check([](const std::string& given) {
        return size_in(given) ? std::string()
                              : fmt::format("{} is not a size: a number, with K, M, G or T behind it", given);
      })
      ->option_text("SIZE");
}

Bytes memory_of(const std::string& text) { return text.empty() ? usual_budget() : size_in(text).value(); }

}  // namespace perigee::cli
