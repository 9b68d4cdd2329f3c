// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the audio thread, which sees where the transport is in every period, to the control thread, which is
// told what is news. What was sent ahead for a place that the transport leaves is void at once; what waits
// for a start is let go with it.

#pragma once

#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <optional>

#include "drivers/transport_watch.h"
#include "engine/engine.h"

namespace perigee {

class TransportRelay {
 public:
  TransportRelay() = default;
  TransportRelay(const TransportRelay&) = delete;
  TransportRelay& operator=(const TransportRelay&) = delete;

  // Control thread; see Driver.
  void follow(bool follow);
  std::optional<TransportPosition> next();
  void ready(std::uint32_t number) { ready_.store(number, std::memory_order_release); }

  // Audio thread.
  bool follows() const noexcept { return asked_.load(std::memory_order_acquire) % 2 == 1; }
  /// Where the transport is in the period that the engine is about to run. Wait-free.
  void look(Engine& engine, TransportPosition now, double rate) noexcept;
  /// Whether all that is due when it starts at a frame waits in the engine.
  bool may_start(Frames frame) const noexcept;

 private:
  std::atomic<unsigned> asked_{0};  ///< how often follow() has begun or ended: odd, it is followed
  std::atomic<std::uint32_t> ready_{0};
  boost::lockfree::spsc_queue<TransportPosition, boost::lockfree::capacity<256>> news_;

  // The audio thread's.
  unsigned seen_ = 0;  ///< of `asked_`
  TransportWatch watch_;
  std::uint32_t number_ = 0;  ///< of the last news
  bool stands_ = false;       ///< as was told last, at …
  Frames frame_ = 0;          ///< … this frame of the transport
};

}  // namespace perigee
