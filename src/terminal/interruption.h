// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// For a command that has something to bring to an end when it is interrupted. One thread; at most one at a
// time.

#pragma once

namespace perigee::console {

/// SIGINT, SIGTERM and SIGHUP are only noted while this lives. Those that were ignored still are (nohup).
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
};

/// The first signal that was noted, also after that; 0 if none was.
int interrupted_by() noexcept;

}  // namespace perigee::console
