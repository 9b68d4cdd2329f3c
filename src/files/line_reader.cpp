// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

namespace perigee::files {

LineReader::LineReader(const std::filesystem::path& path, std::uint64_t most, std::size_t longest)
    : file_(path), most_(most), longest_(longest) {
  if (file_.size() > most) throw Unreadable(fmt::format("is larger than {} MiB", most >> 20U));
}

bool LineReader::next(std::string& line) {
  line.clear();
  complete_ = false;
  bool any = false;
  while (!complete_) {
    if (at_ == end_) {
      at_ = 0;
      end_ = file_.read(part_);
      if (end_ == 0) break;
      if (file_.place() > most_) throw Unreadable(fmt::format("is larger than {} MiB", most_ >> 20U));
    }
    any = true;
    const auto* const from = part_.data() + at_;
    const auto* const to = part_.data() + end_;
    const auto* const stop = std::find(from, to, '\n');
    if (line.size() + static_cast<std::size_t>(stop - from) > longest_)
      throw Unreadable(fmt::format("has a line, {}, of more than {} MiB", number_ + 1, longest_ >> 20U));
    line.append(from, stop);
    complete_ = stop != to;
    at_ = static_cast<std::size_t>(stop - part_.data()) + (complete_ ? 1 : 0);
  }
  if (any && number_ < INT_MAX) ++number_;
  return any;
}

}  // namespace perigee::files
