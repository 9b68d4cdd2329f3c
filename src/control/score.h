// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What loops and callbacks have asked for and the engine is to be sent, at frames; and what it was sent not
// long ago: a clock that others move may take it back. Control thread only.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "control/timeline.h"
#include "engine/engine.h"

namespace perigee {

class Score {
 public:
  /// Sends an event to the engine, or ends an era (Engine::send); false when its queue is full.
  using Send = std::function<bool(const Event&)>;

  struct Entry {
    double beat;      ///< at which it is due
    double began;     ///< of what ends a note: the beat where that began
    Event event;      ///< its time is as the clock's timeline has it
    Frames began_at;  ///< the frame of `began`
    std::weak_ptr<Instance> target;
    bool ends() const { return event.tells && event.message.what == Message::What::note_off; }
  };

  Score(Engine& engine, Send send) : engine_(engine), send_event_(std::move(send)) {}

  /// A note lasts a frame at least.
  void add(const Entry& entry);
  /// How much is not sent.
  std::size_t size() const { return entries_.size(); }
  /// Much that was due before a frame waits for room.
  bool is_behind(Frames until) const {
    return entries_.size() > kMostBehind && entries_.begin()->first.first < until;
  }
  /// No clock moves it, and nothing takes it back: it is sent with the next that is sent.
  void add_loose(const Event& event, const std::weak_ptr<Instance>& target);
  /// Finds the frames of what is due after a beat and is not sent. Notes that began before a frame did begin
  /// where they did.
  void place_again(const Timeline& timeline, double after, Frames from);

  /// What is due before a frame; `held`: its frames count from when the clock starts. What there is no room
  /// for is sent later.
  void send(Frames until, bool held);
  /// What is loose. False when the queue is full: later.
  bool send_loose();

  /// Notes that began before a frame and do not end before it, end there.
  void end_notes(Frames at);
  /// What was sent and is due from a frame on is to be sent again.
  void take_back(Frames from);
  /// What is still to come at a frame is no more; notes that sound end there.
  void drop(Frames at);
  /// What is not sent.
  void clear() { entries_.clear(); }

  /// What was sent and was due before a frame stays.
  void settle(Frames before);
  /// All that was sent stays.
  void settle() { sent_.clear(); }
  /// What was sent as held counts from a frame.
  void let_go(Frames at);
  /// What was taken back is void in the engine: whatever is sent from now on is of another era.
  bool is_settled() const { return !era_ends_; }

 private:
  static constexpr std::size_t kMostBehind = 65536;

  void end_era(Frames from);

  Engine& engine_;
  Send send_event_;
  std::multimap<std::pair<Frames, bool>, Entry> entries_;  ///< by frame; what ends a note comes first
  std::vector<Entry> sent_;                                ///< not long ago
  std::vector<std::pair<Event, std::weak_ptr<Instance>>> loose_;
  std::optional<Frames> era_ends_;  ///< there was no room to say so
};

}  // namespace perigee
