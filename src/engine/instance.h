// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A node as it lives, across plans: the object with its state, the numbers it is set to, and what is about to
// be set. Plans share instances. Built on the builder's thread; then all but `retired` belongs to the
// real-time thread.

#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "dsp/bounds.h"
#include "engine/event_pool.h"
#include "node/spec.h"

namespace perigee {

struct Instance {
  const Spec* spec = nullptr;
  std::unique_ptr<Node> node;
  Bytes memory;                      ///< that it takes; the control thread's
  std::string name;                  ///< for reports; the control thread's
  std::vector<Ramp> numbers;         ///< by parameter
  std::vector<Bounds> bounds;        ///< by parameter: no number leaves them
  Frames ramping_until = 0;          ///< no number moves from here on
  Frames muted_until = 0;            ///< silent after it made a NaN; an output: after it was too loud
  float loudest = 0;                 ///< sample that it made since Guard began to watch
  EventList waiting;                 ///< what it is about to be set to
  bool left = false;                 ///< a program took over in which it has no place
  std::atomic<bool> retired{false};  ///< set by the builder: events for it are dropped

  /// What an event says, at frame `now`: a number sets out for another, or the node takes a message. Whoever
  /// sent it should have checked it; what is no number, or for no parameter, changes nothing. Real-time
  /// thread.
  void take(const Event& event, Frames now) noexcept {
    if (event.tells) {
      if (node != nullptr) node->take(event.message);
      return;
    }
    if (event.param >= numbers.size() || event.value != event.value) return;
    numbers[event.param].go(now, bounds[event.param].held(event.value), event.glide, event.curve);
    ramping_until = std::max(ramping_until, numbers[event.param].end());
    if (node != nullptr) node->is_set(event.param);
  }
};

}  // namespace perigee
