// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "files/plain_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace perigee::files {

namespace {

[[noreturn]] void fail_with(int error) {
  if (error == ENOENT) throw Missing("cannot be read: No such file or directory");
  throw Unreadable(fmt::format("cannot be read: {}", std::system_category().message(error)));
}

/// What it is, if it is no plain file.
void refuse_others(const struct stat& status) {
  const auto refuse = [](std::string_view what) {
    throw Unreadable(fmt::format("is a {}, not a plain file", what));
  };
  if (S_ISDIR(status.st_mode)) refuse("folder");
  if (S_ISFIFO(status.st_mode)) refuse("pipe");
  if (S_ISSOCK(status.st_mode)) refuse("socket");
  if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)) refuse("device");
  if (!S_ISREG(status.st_mode)) throw Unreadable("is not a plain file");
}

/// Files there call themselves plain, but have no size, and reading some of them waits.
bool is_made_up(int descriptor) {
  constexpr std::uint32_t kMadeUp[] = {
      PROC_SUPER_MAGIC,   SYSFS_MAGIC,  DEBUGFS_MAGIC,       TRACEFS_MAGIC,  SELINUX_MAGIC, SECURITYFS_MAGIC,
      CGROUP_SUPER_MAGIC, BPF_FS_MAGIC, CGROUP2_SUPER_MAGIC, EFIVARFS_MAGIC, BINFMTFS_MAGIC};
  struct statfs system {};
  return fstatfs(descriptor, &system) == 0 &&
         std::ranges::count(kMadeUp, static_cast<std::uint32_t>(system.f_type)) > 0;
}

}  // namespace

PlainFile::PlainFile(const std::filesystem::path& path) {
  if (path.native().find('\0') != std::string::npos) throw Unreadable("cannot be read: its name holds a NUL");
  struct stat status {};
  // Looked at before it is opened: to open a device may already move something.
  if (stat(path.c_str(), &status) != 0) fail_with(errno);
  refuse_others(status);
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor_ < 0) fail_with(errno);
  try {
    if (fstat(descriptor_, &status) != 0) fail_with(errno);
    refuse_others(status);
    if (is_made_up(descriptor_)) throw Unreadable("is made up by the kernel, not a plain file");
  } catch (const Unreadable&) {
    ::close(descriptor_);
    throw;
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
  modified_ = status.st_mtim;
}

bool PlainFile::has_changed() const {
  struct stat now {};
  return fstat(descriptor_, &now) != 0 || now.st_mtim.tv_sec != modified_.tv_sec ||
         now.st_mtim.tv_nsec != modified_.tv_nsec || static_cast<std::uint64_t>(now.st_size) != size_;
}

PlainFile::~PlainFile() { ::close(descriptor_); }

std::size_t PlainFile::read(std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n = ::read(descriptor_, into.data() + done, into.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_with(errno);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  place_ += done;
  return done;
}

void PlainFile::seek(std::uint64_t place) {
  if (lseek(descriptor_, static_cast<off_t>(place), SEEK_SET) < 0) fail_with(errno);
  place_ = place;
}

std::string read_all(const std::filesystem::path& path, std::uint64_t most) {
  PlainFile file(path);
  return read_all(file, most);
}

std::string read_all(PlainFile& file, std::uint64_t most) {
  const auto refuse = [most] {
    throw Unreadable(most >> 20U > 0 ? fmt::format("is larger than {} MiB", most >> 20U)
                                     : fmt::format("is larger than {} bytes", most));
  };
  if (file.size() > most) refuse();
  // It may grow meanwhile, though not for ever.
  std::string text;
  constexpr std::size_t kPart = 65536;
  for (std::size_t got = kPart; got == kPart;) {
    const std::size_t before = text.size();
    if (before > most) refuse();
    text.resize(before + kPart);
    got = file.read(std::span(text).subspan(before));
    text.resize(before + got);
  }
  if (text.size() > most) refuse();
  return text;
}

}  // namespace perigee::files
