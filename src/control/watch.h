// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells when files have been saved, however an editor does that: in place, by renaming, in pieces, or by
// deleting and writing anew. Control thread.

#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace perigee {

class Watch {
 public:
  using Clock = std::chrono::steady_clock;
  /// Editors write in pieces: a file counts as saved when nothing has happened to it for so long.
  static constexpr std::chrono::milliseconds kPause{10};
  /// … and while it is open for writing, or new and empty, a little longer.
  static constexpr std::chrono::milliseconds kLongPause{50};
  /// So often it is asked whether folders are still what they were.
  static constexpr std::chrono::milliseconds kFolderPause{100};

  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// From now on these files, instead of those before. Folders are watched, not files: a file may go and come
  /// again. Where a file is a symbolic link, what it leads to is followed too.
  void follow(const std::vector<std::filesystem::path>& files);

  int fd() const { return fd_; }  ///< readable when something happened
  /// Whether files were saved, and all have been left alone for a moment since; call it when fd() is
  /// readable, and every few milliseconds while pending() says so. A file that is gone is no reason to load
  /// it: that it is back is.
  bool saved(Clock::time_point now = Clock::now());
  bool pending() const { return !due_.empty(); }
  /// The same, of all that has happened until now.
  bool touched();

 private:
  using File = std::pair<int, std::string>;  ///< inotify's watch of the folder, and the name in it

  /// A folder by its name: another may come in its place, or a link lead elsewhere, of which inotify knows
  /// nothing.
  struct Folder {
    int watch = -1;
    std::pair<dev_t, ino_t> is;
  };

  void add(const std::filesystem::path& file);
  void look_for_folders(Clock::time_point now);
  void read_events(Clock::time_point now);

  int fd_;
  std::vector<std::filesystem::path> wanted_;  ///< what follow() was given
  std::map<std::string, Folder> folders_;      ///< that are there
  Clock::time_point looked_;                   ///< for folders
  std::set<File> files_;
  std::map<File, Clock::time_point> due_;  ///< written: when they will have been left alone
};

}  // namespace perigee
