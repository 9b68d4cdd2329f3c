// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/replacement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>

#include "files/fail.h"

namespace perigee::files {

namespace {

constexpr int kMostLinks = 40;  // as the system follows
constexpr int kMostTries = 100;
constexpr mode_t kPermissions = 0777;

std::string trouble() { return std::system_category().message(errno); }

std::filesystem::path in_folder_of(const std::filesystem::path& place, const std::string& name) {
  return place.parent_path() / name;
}

}  // namespace

Replacement::Replacement(std::filesystem::path place) : name_(std::move(place)), place_(name_) {
  follow_links();
  struct stat there = {};
  replaces_ = stat(place_.c_str(), &there) == 0;
  if (replaces_ && S_ISDIR(there.st_mode)) fail(name_, "is a folder");
  if (replaces_ && S_ISCHR(there.st_mode)) {
    descriptor_ = ::open(place_.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0) fail(name_, trouble());
    if (isatty(descriptor_) == 0) return;
    ::close(descriptor_);
    fail(name_, "is a terminal");
  }
  if (replaces_ && !S_ISREG(there.st_mode)) fail(name_, "is not a plain file");
  if (replaces_ && access(place_.c_str(), W_OK) != 0) fail(name_, trouble());
  mode_ = there.st_mode & kPermissions;
  owner_ = there.st_uid;
  group_ = there.st_gid;
  create();
}

/// Also to where nothing is yet.
void Replacement::follow_links() {
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(place_, error); ++i) {
    const auto to = std::filesystem::read_symlink(place_, error);
    if (error) fail(name_, error.message());
    place_ = place_.parent_path() / to;  // which is `to` if that is absolute
  }
  if (std::filesystem::is_symlink(place_, error)) fail(name_, std::system_category().message(ELOOP));
}

void Replacement::create() {
  std::random_device random;
  for (int i = 0; i < kMostTries && descriptor_ < 0; ++i) {
    temporary_ = in_folder_of(place_, fmt::format(".perigee-{:08x}", random()));
    descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) fail(name_, trouble());
  }
  if (descriptor_ < 0) fail(name_, trouble());
  if (!replaces_) return;
  [[maybe_unused]] const int owned = fchown(descriptor_, owner_, group_);  // else it is ours
  fchmod(descriptor_, mode_);
}

Replacement::~Replacement() {
  if (!placed_ && !temporary_.empty()) unlink(temporary_.c_str());
  ::close(descriptor_);
}

void Replacement::take_place() {
  if (is_device() || placed_) return;
  if (replaces_)
    fdatasync(descriptor_);  // the old one is not given up for one that may not be there after all
  if (rename(temporary_.c_str(), place_.c_str()) == 0) {
    placed_ = true;
    return;
  }
  const std::string why = trouble();
  placed_ = true;  // it stays
  fail(name_, fmt::format("{}: what was written is in {}", why, temporary_.string()));
}

/// False if something is there.
bool Replacement::move_to(const std::filesystem::path& place) {
  int moved = renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE);
  if (moved != 0 && (errno == EINVAL || errno == ENOSYS)) {  // this file system cannot tell
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(place, ignored))) return false;
    moved = rename(temporary_.c_str(), place.c_str());
  }
  placed_ = moved == 0;
  if (!placed_ && errno != EEXIST) fail(name_, trouble());
  return placed_;
}

bool Replacement::take_free_place() { return is_device() || placed_ || move_to(place_); }

std::filesystem::path Replacement::take_any_place() {
  if (take_free_place()) return name_;
  for (int i = 1;; ++i) {
    auto beside =
        in_folder_of(place_, fmt::format("{}.partial{}{}", place_.stem().string(),
                                         i == 1 ? "" : fmt::format("-{}", i), place_.extension().string()));
    if (move_to(beside)) return beside;
  }
}

}  // namespace perigee::files
