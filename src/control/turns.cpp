// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/turns.h"

#include <utility>

namespace perigee {

void Turns::add(Turn turn) {
  waiting_.push_back(std::move(turn));
  look();
}

void Turns::add(std::function<void()> call) {
  add({.start = [call = std::move(call)](const auto&) { call(); }, .attend = [] { return std::nullopt; }});
}

void Turns::look() {
  if (std::exchange(looking_, true)) return;  // a turn that adds another
  due_ = go_on();
  looking_ = false;
}

Loop::Hook Turns::go_on() {
  while (!waiting_.empty()) {
    Turn& turn = waiting_.front();
    if (!std::exchange(begun_, true))
      turn.start([loop = &loop_, self = std::weak_ptr(self_)] {
        loop->post([self] {
          if (const auto turns = self.lock()) (*turns)->look();
        });
      });
    if (const auto due = turn.attend()) return loop_.at(*due, [this] { look(); });
    begun_ = false;
    waiting_.pop_front();
    after_each_();
  }
  return {};
}

}  // namespace perigee
