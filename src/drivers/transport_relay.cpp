// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/transport_relay.h"

namespace perigee {

void TransportRelay::follow(bool follow) {
  const unsigned asked = asked_.load(std::memory_order_relaxed);
  news_.consume_all([](const TransportPosition&) {});
  asked_.store(asked + (follow == (asked % 2 == 1) ? 2 : 1), std::memory_order_release);
}

std::optional<TransportPosition> TransportRelay::next() {
  TransportPosition position;
  if (!news_.pop(position)) return std::nullopt;
  return position;
}

void TransportRelay::look(Engine& engine, TransportPosition now, double rate) noexcept {
  const unsigned asked = asked_.load(std::memory_order_acquire);
  if (asked % 2 == 0) return;
  if (asked != seen_) watch_.forget();
  seen_ = asked;
  now.at = engine.now();
  if (!watch_.look(now, rate)) return;
  if (now.jumped || !now.rolling) engine.break_off();
  if (now.rolling && stands_) now.era = engine.let_go();
  now.number = number_ + 1 == 0 ? 1 : number_ + 1;
  if (!news_.push(now)) return;
  watch_.told(now);
  number_ = now.number;
  stands_ = !now.rolling;
  frame_ = now.frame;
}

bool TransportRelay::may_start(Frames frame) const noexcept {
  return !follows() || (stands_ && frame_ == frame && ready_.load(std::memory_order_acquire) == number_);
}

}  // namespace perigee
