// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace perigee {

namespace {

constexpr std::uint32_t kWhole = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kBegun = IN_MODIFY | IN_CREATE;
constexpr std::uint32_t kGone = IN_DELETE | IN_MOVED_FROM;

/// A link that leads to itself does not lead on for ever.
constexpr int kMostLinks = 40;

}  // namespace

Watch::Watch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "inotify");
}

Watch::~Watch() { close(fd_); }

void Watch::follow(const std::vector<std::filesystem::path>& files) {
  const auto before = std::exchange(files_, {});
  for (std::filesystem::path file : files) {
    add(file);
    std::error_code error;
    for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(file, error); ++i) {
      file = file.parent_path() / std::filesystem::read_symlink(file, error);
      add(file);
    }
  }
  for (const auto& [folder, name] : before) {
    const auto same = files_.lower_bound({folder, ""});
    if (same == files_.end() || same->first != folder) inotify_rm_watch(fd_, folder);
  }
  std::erase_if(due_, [this](const auto& due) { return !files_.contains(due.first); });
}

void Watch::add(const std::filesystem::path& file) {
  const auto folder = file.parent_path().empty() ? "." : file.parent_path();
  // The same number for the same folder, whatever it is called.
  const int watch = inotify_add_watch(fd_, folder.c_str(), kWhole | kBegun | kGone | IN_ONLYDIR);
  if (watch >= 0) files_.emplace(watch, file.filename().string());
}

void Watch::read_events(Clock::time_point now) {
  alignas(inotify_event) char events[4096];
  for (ssize_t got = 0; (got = read(fd_, events, sizeof events)) > 0;) {
    for (ssize_t at = 0; at < got;) {
      inotify_event event;
      std::memcpy(&event, events + at, sizeof event);
      const char* name = events + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      if ((event.mask & IN_Q_OVERFLOW) != 0)  // nobody knows what happened: all may have been saved
        for (const File& file : files_) due_[file] = now + kPause;
      if (event.len == 0) continue;
      const auto file = files_.find({event.wd, name});
      if (file == files_.end()) continue;
      if ((event.mask & kGone) != 0) {
        due_.erase(*file);
      } else {
        due_[*file] = now + ((event.mask & kWhole) != 0 ? kPause : kLongPause);
      }
    }
  }
}

bool Watch::saved(Clock::time_point now) {
  read_events(now);
  if (due_.empty() || std::ranges::any_of(due_, [now](const auto& due) { return now < due.second; }))
    return false;
  due_.clear();
  return true;
}

bool Watch::touched() {
  read_events(Clock::now());
  return pending();
}

}  // namespace perigee
