// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a library's threads pass to what may end before they do.

#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace perigee {

class Gate {
 public:
  /// Calls if the gate is open. Any thread, the audio thread as well: wait-free but for what it calls.
  template <class Body>
  void pass(Body body) noexcept {
    inside_.fetch_add(1);
    if (open_.load()) body();
    inside_.fetch_sub(1);
  }
  /// Once it returns, nobody is inside, and nobody will be. Waits for those who are.
  void close() {
    open_ = false;
    while (inside_ > 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }

 private:
  std::atomic<bool> open_{true};
  std::atomic<int> inside_{0};
};

}  // namespace perigee
