// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>

namespace perigee::files {

/// Where the bytes of a file are not what they have to be, and why.
struct Broken : std::runtime_error {
  Broken(std::size_t place, const std::string& why) : std::runtime_error(why), at(place) {}
  std::size_t at;  ///< byte of the file
};

/// Reads bytes one after the other, and never one that is not there. Throws Broken instead.
class ByteReader {
 public:
  /// `first` is the place of the first byte in its file.
  explicit ByteReader(std::span<const std::uint8_t> bytes, std::size_t first = 0)
      : bytes_(bytes), first_(first) {}

  std::size_t left() const { return bytes_.size() - at_; }
  std::size_t place() const { return first_ + at_; }  ///< in the file

  std::uint8_t peek(std::string_view what) const {
    need(1, what);
    return bytes_[at_];
  }
  std::uint8_t byte(std::string_view what) {
    const std::uint8_t value = peek(what);
    ++at_;
    return value;
  }
  std::span<const std::uint8_t> take(std::size_t count, std::string_view what) {
    need(count, what);
    const auto taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  /// Of so many bytes, the highest first.
  std::uint32_t big(std::size_t count, std::string_view what) {
    std::uint32_t value = 0;
    for (const std::uint8_t one : take(count, what)) value = value << 8U | one;
    return value;
  }
  /// Of four bytes, the lowest first.
  std::uint32_t little(std::string_view what) {
    const auto four = take(4, what);
    return four[0] | std::uint32_t{four[1]} << 8U | std::uint32_t{four[2]} << 16U |
           std::uint32_t{four[3]} << 24U;
  }
  /// A part of its own; reading goes on behind it.
  ByteReader part(std::size_t count, std::string_view what) {
    const std::size_t start = place();
    return ByteReader(take(count, what), start);
  }

 private:
  void need(std::size_t count, std::string_view what) const {
    if (left() >= count) return;
    throw Broken(place(), fmt::format("{} of {} byte{} expected, and {}", what, count, count == 1 ? "" : "s",
                                      left() == 0 ? "here it ends"
                                                  : fmt::format("only {} {} left", left(),
                                                                left() == 1 ? "is" : "are")));
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t first_, at_ = 0;
};

}  // namespace perigee::files
