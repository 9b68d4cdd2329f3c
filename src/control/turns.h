// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whatever needs the script for itself: saves, undo, code that is sent. One takes its turn after the other,
// while the loop goes on. After each, the script's own loops and callbacks have a moment, however many wait.
// Control thread.

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "control/loop.h"

namespace perigee {

class Turns {
 public:
  struct Turn {
    /// Begins. `wake` may be called from any thread, and has attend() called.
    std::function<void(std::function<void()> wake)> start;
    /// When it is to be called again at the latest; nothing once the turn has ended.
    std::function<std::optional<Loop::Clock::time_point>()> attend;
  };

  explicit Turns(Loop& loop) : loop_(loop) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  void add(Turn turn);
  /// What is over as soon as it has begun.
  void add(std::function<void()> call);
  /// What is called after each turn, before the next begins. It may not add any.
  void after_each(std::function<void()> call) { after_each_ = std::move(call); }
  /// Nobody's turn, and nobody waits.
  bool idle() const { return waiting_.empty(); }

 private:
  void look();
  Loop::Hook go_on();

  Loop& loop_;
  std::function<void()> after_each_ = [] {};
  std::deque<Turn> waiting_;  ///< the first has begun, if begun_
  bool begun_ = false;
  bool looking_ = false;
  Loop::Hook due_;
  std::shared_ptr<Turns*> self_ = std::make_shared<Turns*>(this);  ///< calls that are posted may come late
};

}  // namespace perigee
