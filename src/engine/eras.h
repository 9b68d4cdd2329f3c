// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which of the events that were sent ahead still count. A clock that others move may have to take back what
// it sent: its events bear the number of an era, and an era ends at a frame, from which on they are void.
// Audio thread only.

#pragma once

#include <algorithm>
#include <array>

#include "engine/event.h"

namespace perigee {

class Eras {
 public:
  /// What was sent in this era, or one before, is void from a frame on.
  void end(std::uint32_t era, Frames from) noexcept {
    const std::uint32_t before = ended_;
    ended_ = std::max(era, before);
    for (std::uint32_t one = ended_ - std::min(ended_, kKept - 1); one <= era; ++one)
      ends_[one % kKept] = one <= before ? std::min(ends_[one % kKept], from) : from;
  }

  bool is_void(const Event& event) const noexcept {
    if (event.era == 0 || event.era > ended_) return false;
    if (ended_ - event.era >= kKept) return event.held;  // what was due before that, and still waits
    return event.held || event.time >= ends_[event.era % kKept];
  }

 private:
  static constexpr std::uint32_t kKept = 64;

  std::uint32_t ended_ = 0;           ///< the last one that has
  std::array<Frames, kKept> ends_{};  ///< by era
};

}  // namespace perigee
