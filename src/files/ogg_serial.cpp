// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/ogg_serial.h"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace perigee::files {

namespace {

// A page: "OggS", …, the stream's number, the page's number, a checksum, how many segments it has, and how
// long each of them is.
constexpr std::size_t kHeader = 27, kSerial = 14, kChecksum = 22, kSegments = 26;
constexpr std::uint32_t kNumber = 1;

constexpr std::array<std::uint32_t, 256> checksums() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t rest = i << 24U;
    for (int bit = 0; bit < 8; ++bit) rest = rest << 1U ^ ((rest >> 31U) != 0 ? 0x04c11db7U : 0U);
    table[i] = rest;
  }
  return table;
}

std::uint32_t checksum(const std::vector<unsigned char>& page) {
  static constexpr auto kTable = checksums();
  std::uint32_t sum = 0;
  for (const unsigned char byte : page) sum = sum << 8U ^ kTable[sum >> 24U ^ byte];
  return sum;
}

void put(std::vector<unsigned char>& page, std::size_t at, std::uint32_t number) {
  for (unsigned i = 0; i < 4; ++i) page[at + i] = static_cast<unsigned char>(number >> 8 * i);
}

/// More of the page: `size` bytes in all.
bool grow(std::vector<unsigned char>& page, int descriptor, off_t at, std::size_t size) {
  std::size_t have = page.size();
  page.resize(size);
  while (have < size) {
    const auto got = pread(descriptor, page.data() + have, size - have, at + static_cast<off_t>(have));
    if (got <= 0) {
      page.resize(have);
      return false;
    }
    have += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool set_ogg_serial(int descriptor) {
  off_t at = 0;
  for (std::vector<unsigned char> page; grow(page, descriptor, at, kHeader);) {
    if (std::string_view(reinterpret_cast<const char*>(page.data()), 4) != "OggS") return false;
    std::size_t size = kHeader + page[kSegments];
    if (!grow(page, descriptor, at, size)) return false;
    for (std::size_t i = kHeader, head = size; i < head; ++i) size += page[i];
    if (!grow(page, descriptor, at, size)) return false;
    put(page, kSerial, kNumber);
    put(page, kChecksum, 0);
    put(page, kChecksum, checksum(page));
    if (pwrite(descriptor, page.data(), kHeader, at) != static_cast<ssize_t>(kHeader)) return false;
    at += static_cast<off_t>(size);
    page.clear();
  }
  return true;
}

}  // namespace perigee::files
