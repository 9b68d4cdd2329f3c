// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "engine/ramp.h"
#include "node/message.h"

namespace perigee {

struct Instance;

/// A parameter is set, or a node is told something. Takes effect at the frame where the sound that was made
/// at `time` passes its node: at time + A(node). Late ones take effect at once. Without a target, it says
/// that `era` is over from `time` on.
struct Event {
  Frames time = 0;  ///< engine time
  Instance* target = nullptr;
  unsigned param = 0;
  float value = 0;
  Frames glide = 0;  ///< frames until the value is reached
  Curve curve = Curve::linear;
  bool tells = false;  ///< `message`, and no parameter is set
  Message message = {};
  std::uint32_t era = 0;  ///< in which a clock sent it, see Engine::end_era; 0: nothing takes it back
  bool held = false;      ///< `time` counts from Engine::let_go
};

}  // namespace perigee
