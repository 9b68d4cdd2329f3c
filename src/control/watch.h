// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells when files have been saved, however an editor does that: in place, by renaming, in pieces, or by
// deleting and writing anew. Control thread.

#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

namespace perigee {

class Watch {
 public:
  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// From now on these files, instead of those before. Folders are watched, not files: a file may go and come
  /// again.
  void follow(const std::vector<std::filesystem::path>& files);

  int fd() const { return fd_; }  ///< readable when something happened
  /// Whether a file was saved, and has been left alone for a moment since; call it when fd() is readable, and
  /// every few milliseconds while pending() says so.
  bool saved();
  bool pending() const { return pending_; }

 private:
  void read_events();

  int fd_;
  std::map<int, std::filesystem::path> folders_;  ///< by inotify's watch
  std::set<std::filesystem::path> files_;
  bool pending_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace perigee
