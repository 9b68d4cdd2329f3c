// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Packets of OSC 1.0, written byte by byte.

#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace perigee::test {

inline std::string osc_number(std::uint64_t number, int bytes) {
  std::string text;
  while (bytes-- > 0) text += static_cast<char>(number >> static_cast<unsigned>(8 * bytes) & 0xffU);
  return text;
}
inline std::string osc_float(float number) { return osc_number(std::bit_cast<std::uint32_t>(number), 4); }
inline std::string osc_double(double number) { return osc_number(std::bit_cast<std::uint64_t>(number), 8); }
inline std::string osc_text(const std::string& text) { return text + std::string(4 - text.size() % 4, '\0'); }

/// `types` without the comma; `data` as the types say.
inline std::string osc_message(const std::string& path, const std::string& types,
                               const std::string& data = {}) {
  return osc_text(path) + osc_text("," + types) + data;
}

/// Of nanoseconds since 1970.
inline std::uint64_t osc_time(std::int64_t clock) {
  const auto seconds = static_cast<std::uint64_t>(clock / 1'000'000'000) + 2208988800U;
  const auto rest = static_cast<std::uint64_t>(clock % 1'000'000'000);
  return seconds << 32U | ((rest << 32U) + 999'999'999U) / 1'000'000'000U;
}
inline constexpr std::uint64_t kOscNow = 1;

inline std::string osc_bundle(std::uint64_t time, const std::vector<std::string>& elements) {
  std::string text = std::string("#bundle\0", 8) + osc_number(time, 8);
  for (const auto& element : elements) text += osc_number(element.size(), 4) + element;
  return text;
}

}  // namespace perigee::test
