// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events that wait for their frame, in memory that is taken once. Audio thread only; nothing is allocated
// after construction.

#pragma once

#include <vector>

#include "engine/event.h"

namespace perigee {

/// Those that wait for one instance, by time. Their memory is the pool's.
struct EventList {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t first = kNone, last = kNone;  ///< without a first, the last does not count
  std::uint32_t count = 0;
};

class EventPool {
 public:
  static constexpr Frames kNever = INT64_MAX;

  explicit EventPool(std::uint32_t size);

  /// Nothing can be inserted until something has been taken.
  bool full() const noexcept { return free_ == EventList::kNone; }
  bool empty() const noexcept { return used_ == 0; }
  /// Behind those of the same time.
  void insert(EventList& list, const Event& event) noexcept;

  /// When the first of a list takes effect, or kNever.
  Frames next(const EventList& list) const noexcept {
    return list.first == EventList::kNone ? kNever : waiting_[list.first].event.time;
  }
  /// Moves the first of a list to the end of another, if its time is `now` or before. Threads may do so at
  /// the same time with lists of their own.
  const Event* take_due(EventList& list, Frames now, EventList& taken) noexcept;
  /// Drops all of a list.
  void release(EventList& list) noexcept;

 private:
  struct Waiting {
    Event event;
    std::uint32_t next = EventList::kNone;
  };

  std::vector<Waiting> waiting_;
  std::uint32_t free_ = EventList::kNone;
  std::uint32_t used_ = 0;
};

}  // namespace perigee
