// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a running patch is asked by signals, as something to poll. Make one before any thread: threads inherit
// that these are blocked.

#pragma once

namespace perigee {

class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  enum class Wish { none, end, reload, undo, redo };

  int fd() const { return fd_; }  ///< readable when there is one
  /// SIGINT and SIGTERM ask for the end, SIGHUP to load the patch again, SIGUSR1 to undo the last save,
  /// SIGUSR2 to redo it.
  Wish read() const;

 private:
  int fd_;
};

}  // namespace perigee
