// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether what was read of a script may be half a save. Editors and sync tools empty a file, or write a part
// of it, and are done some time later; what is there in between may well be a script, and would silence what
// plays. Such a save is looked at again: when it is still the same after a second, it was meant.

#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "script/script.h"

namespace perigee {

/// Control thread.
class SecondLook {
 public:
  using Clock = std::chrono::steady_clock;
  /// What stays so long is meant, unless it grew meanwhile.
  static constexpr std::chrono::milliseconds kWait{1000};
  /// What changed is looked at again after this time at the earliest.
  static constexpr std::chrono::milliseconds kPause{250};

  /// Why what was read, which is without a mistake, is not to take the place of what plays yet, or nothing.
  /// Files that are known as they are, from an earlier save, are no half saves; one in which nothing is left
  /// is no save of anybody's.
  std::optional<std::string> doubt(const std::vector<SourceFile>& read, bool has_outputs,
                                   Clock::time_point now = Clock::now());
  /// What was read plays.
  void settle(std::vector<SourceFile> read, bool has_outputs);
  /// Nothing waits to be looked at again.
  void forget() {
    due_.reset();
    since_.reset();
  }
  /// It is to be looked at again then, whatever it was.
  void look_at(Clock::time_point due) { due_ = due; }

  /// Something has been doubted, and was not taken since.
  bool doubts() const { return since_.has_value(); }
  /// Something is to be looked at again.
  bool waits() const { return due_.has_value(); }
  /// It is time for that; true once.
  bool is_due(Clock::time_point now = Clock::now());

 private:
  using Texts = std::map<std::string, std::string>;
  std::optional<std::string> suspicion(const std::vector<SourceFile>& read, bool has_outputs) const;
  bool is_known(const SourceFile& file) const;

  Texts playing_;  ///< by file
  bool had_outputs_ = false;
  std::deque<std::size_t> known_;  ///< hashes of files that were taken; the newest last
  Texts last_;                     ///< that were looked at, and not taken
  std::optional<Clock::time_point> since_, due_;
};

/// Whether a script has nothing but blanks and comments.
bool is_blank(std::string_view script);

}  // namespace perigee
