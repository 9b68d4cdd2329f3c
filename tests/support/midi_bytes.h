// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard MIDI Files, byte by byte.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace perigee::test {

/// So many bytes of a number, the highest first.
inline std::string big(std::uint64_t number, int count) {
  std::string bytes;
  for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(number >> (8U * static_cast<unsigned>(i)));
  return bytes;
}

/// Seven bits in each byte.
inline std::string variable(std::uint32_t number) {
  std::string bytes(1, static_cast<char>(number & 127U));
  while ((number >>= 7U) > 0) bytes.insert(bytes.begin(), static_cast<char>((number & 127U) | 128U));
  return bytes;
}

inline std::string bytes_of(const std::vector<int>& all) {
  std::string bytes;
  for (const int one : all) bytes += static_cast<char>(one);
  return bytes;
}

inline std::string chunk(const std::string& name, const std::string& content) {
  return name + big(content.size(), 4) + content;
}

inline std::string midi_header(unsigned format, unsigned tracks, unsigned division) {
  return chunk("MThd", big(format, 2) + big(tracks, 2) + big(division, 2));
}

/// After so many ticks.
inline std::string end_of_track(std::uint32_t delta = 0) {
  return variable(delta) + bytes_of({0xff, 0x2f, 0});
}
inline std::string tempo_event(std::uint32_t delta, std::uint32_t microseconds) {
  return variable(delta) + bytes_of({0xff, 0x51, 3}) + big(microseconds, 3);
}

}  // namespace perigee::test
