// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A node as it lives, across plans: the object with its state, the numbers it is set to, and what is about to
// be set. Plans share instances. Built on the builder's thread; then all but `retired` belongs to the
// real-time thread.

#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/event.h"
#include "node/spec.h"

namespace perigee {

inline constexpr std::uint32_t kNoEvent = UINT32_MAX;

struct Instance {
  const Spec* spec = nullptr;
  std::unique_ptr<Node> node;
  std::string name;                      ///< for reports; the control thread's
  std::vector<Ramp> numbers;             ///< by parameter
  Frames ramping_until = 0;              ///< no number moves from here on
  Frames muted_until = 0;                ///< silent after it made a NaN
  std::uint32_t first_event = kNoEvent;  ///< waiting, by time; indices into the engine's pool
  std::uint32_t last_event = kNoEvent;
  std::atomic<bool> retired{false};  ///< set by the builder: events for it are dropped
};

}  // namespace perigee
