// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace perigee {

namespace {

/// Editors write in pieces: a file counts as saved when nothing has happened to it for so long.
constexpr std::chrono::milliseconds kPause(10);
/// … and while it is open for writing, or empty, a little longer.
constexpr std::chrono::milliseconds kLongPause(50);

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_CREATE;

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.parent_path().empty() ? "." : file.parent_path();
}

}  // namespace

Watch::Watch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "inotify");
}

Watch::~Watch() { close(fd_); }

void Watch::follow(const std::vector<std::filesystem::path>& files) {
  files_.clear();
  std::map<int, std::filesystem::path> folders;
  for (const auto& file : files) {
    const auto folder = folder_of(file);
    const int watch = inotify_add_watch(fd_, folder.c_str(), kEvents | IN_ONLYDIR);
    if (watch >= 0) folders[watch] = folder;  // the same number for the same folder
    files_.insert((folder / file.filename()).lexically_normal());
  }
  for (const auto& [watch, folder] : folders_)
    if (!folders.contains(watch)) inotify_rm_watch(fd_, watch);
  folders_ = std::move(folders);
}

void Watch::read_events() {
  alignas(inotify_event) char events[4096];
  for (ssize_t got = 0; (got = read(fd_, events, sizeof events)) > 0;) {
    for (ssize_t at = 0; at < got;) {
      inotify_event event;
      std::memcpy(&event, events + at, sizeof event);
      const char* name = events + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end() || event.len == 0) continue;
      if (!files_.contains((folder->second / name).lexically_normal())) continue;
      pending_ = true;
      const bool whole = (event.mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) != 0;
      last_ = std::chrono::steady_clock::now() + (whole ? std::chrono::milliseconds(0) : kLongPause - kPause);
    }
  }
}

bool Watch::saved() {
  read_events();
  if (!pending_ || std::chrono::steady_clock::now() < last_ + kPause) return false;
  pending_ = false;
  return true;
}

}  // namespace perigee
