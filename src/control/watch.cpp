// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/watch.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

namespace perigee {

namespace {

constexpr std::uint32_t kWhole = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kBegun = IN_MODIFY | IN_CREATE;
constexpr std::uint32_t kGone = IN_DELETE | IN_MOVED_FROM;

/// A link that leads to itself does not lead on for ever.
constexpr int kMostLinks = 40;

using Identity = std::pair<dev_t, ino_t>;

std::string folder_of(const std::filesystem::path& file) {
  return file.parent_path().empty() ? "." : file.parent_path().string();
}

std::optional<Identity> identity_of(const std::string& folder) {
  struct stat status = {};
  if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return std::nullopt;
  return Identity(status.st_dev, status.st_ino);
}

}  // namespace

Watch::Watch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "inotify");
}

Watch::~Watch() { close(fd_); }

void Watch::follow(const std::vector<std::filesystem::path>& files) {
  const auto before = std::exchange(files_, {});
  wanted_ = files;
  folders_.clear();
  for (std::filesystem::path file : wanted_) {
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
  const auto folder = folder_of(file);
  const auto is = identity_of(folder);
  // The same number for the same folder, whatever it is called.
  const int watch = inotify_add_watch(fd_, folder.c_str(), kWhole | kBegun | kGone | IN_ONLYDIR);
  folders_[folder] = {.watch = watch, .is = is.value_or(Identity())};
  if (watch >= 0) files_.emplace(watch, file.filename().string());
}

/// What has come in the place of a folder may bring files that are saved already.
void Watch::look_for_folders(Clock::time_point now) {
  if (now < looked_ + kFolderPause) return;
  looked_ = now;
  const auto is_another = [](const auto& one) {
    const auto is = identity_of(one.first);
    return is && (one.second.watch < 0 || *is != one.second.is);
  };
  std::set<std::string> others;
  for (const auto& one : folders_)
    if (is_another(one)) others.insert(one.first);
  if (others.empty()) return;
  follow(std::vector(wanted_));
  for (const std::string& folder : others)
    for (const auto& file : files_)
      if (const auto found = folders_.find(folder); found != folders_.end() &&
                                                    found->second.watch == file.first &&
                                                    access((folder + "/" + file.second).c_str(), F_OK) == 0)
        due_[file] = now + kLongPause;
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
      if ((event.mask & IN_IGNORED) != 0)  // it is gone; what comes in its place may have its number
        for (auto& [where, folder] : folders_)
          if (folder.watch == event.wd) folder.watch = -1;
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
  look_for_folders(now);
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
