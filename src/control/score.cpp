// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/score.h"

#include <algorithm>

namespace perigee {

void Score::add(const Entry& entry) {
  Entry one = entry;
  // What ends a note comes first at its frame: a note shorter than one would never end.
  if (one.ends()) one.event.time = std::max(one.event.time, one.began_at + 1);
  entries_.emplace(std::pair(one.event.time, !one.ends()), one);
}

void Score::add_loose(const Event& event, const std::weak_ptr<Instance>& target) {
  loose_.emplace_back(event, target);
}

void Score::place_again(const Timeline& timeline, double after, Frames from) {
  const auto before = std::exchange(entries_, {});
  for (const auto& [key, entry] : before) {
    Entry one = entry;
    if (one.beat > after) one.event.time = timeline.frame_of(one.beat);
    if (one.began > after && one.began_at >= from) one.began_at = timeline.frame_of(one.began);
    add(one);
  }
}

void Score::send(Frames until, bool held) {
  if (era_ends_) end_era(*era_ends_);
  if (era_ends_ || !send_loose()) return;
  while (!entries_.empty() && entries_.begin()->first.first < until) {
    const Entry& first = entries_.begin()->second;
    const auto instance = first.target.lock();
    if (instance != nullptr) {
      Event event = first.event;
      event.target = instance.get();
      event.era = engine_.era();
      event.held = held;
      if (!send_event_(event)) return;  // the queue is full: later
      sent_.push_back(first);
    }
    entries_.erase(entries_.begin());
  }
}

bool Score::send_loose() {
  std::size_t sent = 0;
  for (; sent < loose_.size(); ++sent) {
    Event event = loose_[sent].first;
    const auto instance = loose_[sent].second.lock();
    event.target = instance.get();
    if (instance != nullptr && !send_event_(event)) break;
  }
  loose_.erase(loose_.begin(), loose_.begin() + static_cast<std::ptrdiff_t>(sent));
  return loose_.empty();
}

void Score::end_notes(Frames at) {
  const auto end = [&](const Entry& one) {
    if (!one.ends() || one.began_at >= at || one.event.time < at) return false;
    Event event = one.event;
    event.time = at;
    add_loose(event, one.target);
    return true;
  };
  std::erase_if(sent_, end);
  std::erase_if(entries_, [&](const auto& one) { return end(one.second); });
}

void Score::take_back(Frames from) {
  end_era(from);
  std::erase_if(sent_, [&](const Entry& one) {
    if (one.event.time < from) return false;
    add(one);
    return true;
  });
}

void Score::drop(Frames at) {
  end_notes(at);
  end_era(at);
  sent_.clear();
  entries_.clear();
}

void Score::settle(Frames before) {
  std::erase_if(sent_, [before](const Entry& one) { return one.event.time < before; });
}

void Score::let_go(Frames at) {
  for (Entry& one : sent_) {
    one.event.time += at;
    one.began_at += at;
  }
}

void Score::end_era(Frames from) {
  const Frames earliest = std::min(from, era_ends_.value_or(from));
  if (send_event_({.time = earliest}))  // it has no target
    era_ends_.reset();
  else
    era_ends_ = earliest;
}

}  // namespace perigee
