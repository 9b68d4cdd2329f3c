// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One end of a connection, by lines. It takes one at a time, and neither a line nor what waits to be sent can
// grow without bounds.

#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "control/loop.h"

namespace perigee {

class Client {
 public:
  static constexpr std::size_t kLongestLine = std::size_t{1} << 20U;  ///< bytes, without its end
  static constexpr std::size_t kMostUnread = std::size_t{4} << 20U;   ///< bytes

  struct Calls {
    std::function<void(std::string line)> line;  ///< the next comes after done()
    std::function<void()> too_long;              ///< a line was: there will be no more
    std::function<void()> gone;                  ///< the connection is over; the client may be deleted
  };

  /// The file is the client's from now on.
  Client(Loop& loop, int fd, Calls calls);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Adds the line's end. Who does not read what is sent loses the connection. Nothing is called from here.
  void send(std::string line);
  /// What the line wanted is done.
  void done();
  /// Once all is sent, the connection ends; or soon, if nobody reads.
  void hang_up();

 private:
  void read();
  void next_line();
  void write();
  void wait_for_more();
  void end();

  Loop& loop_;
  int fd_;
  Calls calls_;
  std::string in_, out_;
  std::size_t searched_ = 0;  ///< so much of in_ has no end of a line
  bool busy_ = false, at_end_ = false, over_ = false, refused_ = false;
  Loop::Hook readable_, writable_, soon_;
};

}  // namespace perigee
