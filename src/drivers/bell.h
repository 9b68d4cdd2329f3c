// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rung by any thread, without waiting, to wake the control thread from its poll.

#pragma once

namespace perigee {

class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring() noexcept;     ///< any thread, but not the audio thread: a system call
  void silence() noexcept;  ///< control thread
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace perigee
