// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a MIDI clock does to what the loops that follow it have sent ahead: what waits for a start is let go
// with the first tick after it; what was sent for a place that the clock leaves is void at once. Audio thread
// only. (MIDI 1.0 Detailed Specification, System Real Time and Song Position Pointer.)

#pragma once

#include <cstdint>
#include <utility>

#include "node/message.h"

namespace perigee {

class ClockGate {
 public:
  enum class Does : std::uint8_t {
    nothing,
    let_go,     ///< Engine::let_go
    break_off,  ///< Engine::break_off
  };

  Does hear(const Message& message) noexcept {
    switch (message.what) {
      case Message::What::start:
        rolls_ = waits_ = true;
        return go_to(0);
      case Message::What::resume:
        if (!rolls_) rolls_ = waits_ = true;
        return Does::nothing;
      case Message::What::stop:
        return std::exchange(rolls_, false) && !std::exchange(waits_, false) ? Does::break_off
                                                                             : Does::nothing;
      case Message::What::locate:
        return rolls_ ? Does::nothing : go_to(static_cast<std::int64_t>(message.value) * kTicks);
      case Message::What::clock:
        if (!rolls_) return Does::nothing;
        ++next_;
        return std::exchange(waits_, false) ? Does::let_go : Does::nothing;
      default:
        return Does::nothing;
    }
  }

 private:
  static constexpr std::int64_t kTicks = 6;  ///< a sixteenth

  Does go_to(std::int64_t tick) noexcept {
    return std::exchange(next_, tick) == tick ? Does::nothing : Does::break_off;
  }

  bool rolls_ = false;
  bool waits_ = false;     ///< rolls with the next tick
  std::int64_t next_ = 0;  ///< the tick that comes next, from the beginning
};

}  // namespace perigee
