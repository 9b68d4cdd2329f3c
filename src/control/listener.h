// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The socket that clients find a running patch by.

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <stdexcept>

namespace perigee {

/// Another process listens there.
struct NameTaken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Listener {
 public:
  /// Makes the socket, for this user alone, and its folder. One that nobody listens to any more is taken
  /// over; with one that somebody does, NameTaken is thrown, and SystemError if the system does not let it be
  /// made.
  explicit Listener(std::filesystem::path path);
  /// The socket is gone too.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int fd() const { return fd_; }  ///< readable when somebody knocks
  /// The next who knocks, as a file that does not block; −1 when there is nobody.
  int accept() const;

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// A file that is connected to who listens there; −1 if nobody does, and errno tells why. `flags` are those
/// of socket().
int connect_to(const std::filesystem::path& path, int flags = 0);

}  // namespace perigee
