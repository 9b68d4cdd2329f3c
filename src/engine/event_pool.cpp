// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "engine/event_pool.h"

#include <utility>

namespace perigee {

EventPool::EventPool(std::uint32_t size) : waiting_(size) {
  for (std::uint32_t i = size; i-- > 0;) {
    waiting_[i].next = free_;
    free_ = i;
  }
}

void EventPool::insert(EventList& list, const Event& event) noexcept {
  const std::uint32_t taken = free_;
  free_ = waiting_[taken].next;
  ++used_;
  ++list.count;
  waiting_[taken] = {event, EventList::kNone};
  if (list.first == EventList::kNone) {
    list.first = list.last = taken;
  } else if (waiting_[list.last].event.time <= event.time) {
    waiting_[list.last].next = taken;
    list.last = taken;
  } else {
    std::uint32_t* link = &list.first;
    while (waiting_[*link].event.time <= event.time) link = &waiting_[*link].next;
    waiting_[taken].next = *link;
    *link = taken;
  }
}

const Event* EventPool::take_due(EventList& list, Frames now, EventList& taken) noexcept {
  while (list.first != EventList::kNone && next(list) <= now) {
    const std::uint32_t index = list.first;
    Waiting& first = waiting_[index];
    list.first = first.next;
    --list.count;
    first.next = EventList::kNone;
    (taken.first == EventList::kNone ? taken.first : waiting_[taken.last].next) = index;
    taken.last = index;
    ++taken.count;
    if (!eras.is_void(first.event)) return &first.event;
  }
  return nullptr;
}

Event EventPool::take_first(EventList& list) noexcept {
  const std::uint32_t index = list.first;
  Waiting& first = waiting_[index];
  list.first = first.next;
  --list.count;
  first.next = free_;
  free_ = index;
  --used_;
  return first.event;
}

void EventPool::release(EventList& list) noexcept {
  if (list.first == EventList::kNone) return;
  used_ -= std::exchange(list.count, 0);
  waiting_[list.last].next = free_;
  free_ = list.first;
  list.first = EventList::kNone;
}

}  // namespace perigee
