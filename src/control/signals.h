// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SIGINT and SIGTERM as something to poll. Make one before any thread: threads inherit that these are
// blocked.

#pragma once

namespace perigee {

class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  enum class Wish { none, end, reload };

  int fd() const { return fd_; }  ///< readable when there is one
  /// What the signal asks for: SIGINT and SIGTERM the end, SIGHUP to load the patch again.
  Wish read() const;

 private:
  int fd_;
};

}  // namespace perigee
