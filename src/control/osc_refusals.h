// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts what was refused of OSC, so that a flood of it fills no screen.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace perigee {

class OscRefusals {
 public:
  void add(std::string_view from, std::string_view why);
  /// What to tell, at most once a second and not again: "refused 3 from 127.0.0.1:5000, the last: …".
  /// Otherwise empty. `clock` is in nanoseconds.
  std::string due(std::int64_t clock);

  std::uint64_t count() const { return count_; }  ///< in all

 private:
  std::uint64_t count_ = 0, told_ = 0;
  std::int64_t last_told_ = INT64_MIN;
  std::string from_, why_;  ///< the last
};

}  // namespace perigee
