// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Events that wait for their frame, in memory that is taken once. Audio thread only; nothing is allocated
// after construction.

#pragma once

#include <vector>

#include "engine/eras.h"

namespace perigee {

/// Those that wait for one instance, by time. Their memory is the pool's.
struct EventList {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t first = kNone, last = kNone;  ///< without a first, the last does not count
  std::uint32_t count = 0;
};

class EventPool {
 public:
  Eras eras;  ///< events that are void are taken as if they were not there

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
  /// Moves the first of a list that is not void, and those before it, to the end of another, if its time is
  /// `now` or before; or returns nullptr. Threads may do so at
  /// the same time with lists of their own.
  const Event* take_due(EventList& list, Frames now, EventList& taken) noexcept;
  /// Takes the first event out of a list that is not empty.
  Event take_first(EventList& list) noexcept;
  /// Drops what is void, and what a test says.
  template <typename Test>
  void drop_if(EventList& list, Test test) noexcept {
    EventList kept;
    while (list.first != EventList::kNone) {
      const Event event = take_first(list);
      if (!eras.is_void(event) && !test(event)) insert(kept, event);
    }
    list = kept;
  }
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
