// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text that waits to be written by a thread of its own.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace perigee::console {

class Backlog {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 20U;  ///< bytes that wait

  /// The thread keeps it for as long as it lives, which may be for ever: nothing ends a write that a terminal
  /// holds up. Throws std::system_error when there is no thread to be had.
  static std::shared_ptr<Backlog> start();

  /// What finds no room is dropped, after a moment in which a thread that is only slow would have made some.
  /// The lines are counted, and how many it was is written when there is room again.
  void add(int descriptor, std::string_view text);
  /// Waits until all is written, or nothing of it is for so long.
  void drain(std::chrono::milliseconds patience);

 private:
  struct Piece {
    int descriptor;
    std::string text;
  };

  void run();
  void tell_of_lost();
  bool has_room(std::size_t bytes) const { return bytes_ + bytes <= kMost; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;    ///< of pieces, and of what is being written
  unsigned long moved_ = 0;  ///< counts what was taken
  bool stuck_ = false;       ///< it was waited for in vain, and nothing has moved since
  unsigned long lost_ = 0;   ///< lines
  int lost_of_ = -1;         ///< where they would have gone
};

}  // namespace perigee::console
