// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>
#include <vector>

#include "files/plain_file.h"

namespace perigee::files {

/// A file of text, line by line. Throws Unreadable.
class LineReader {
 public:
  /// Of at most so many bytes, and so many in a line.
  LineReader(const std::filesystem::path& path, std::uint64_t most, std::size_t longest);

  /// False at the end of the file.
  bool next(std::string& line);
  int number() const { return number_; }  ///< of the line that was read last, from 1
  /// Whether the last line ended as lines do; if not, it is the last of the file.
  bool complete() const { return complete_; }

 private:
  PlainFile file_;
  std::uint64_t most_;
  std::size_t longest_;
  std::vector<char> part_ = std::vector<char>(std::size_t{1} << 16U);
  std::size_t at_ = 0, end_ = 0;  ///< what is left of the part
  int number_ = 0;
  bool complete_ = true;
};

}  // namespace perigee::files
