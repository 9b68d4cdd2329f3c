// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "control/socket_path.h"
#include "drivers/driver.h"

namespace perigee {

namespace {

constexpr int kMostWaiting = 64;

/// Of two that start at once, one looks and takes over after the other has: as long as this lives, nobody
/// else does.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder)
      : fd_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ >= 0) flock(fd_, LOCK_EX);
  }
  ~FolderLock() {
    if (fd_ >= 0) close(fd_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

/// The path fits: socket_path() has seen to that.
sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof address.sun_path - 1);
  return address;
}

template <typename Call>
int with_address(const std::filesystem::path& path, Call call) {
  const sockaddr_un address = address_of(path);
  return call(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

}  // namespace

int connect_to(const std::filesystem::path& path, int flags) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  if (fd < 0) return -1;
  if (with_address(path, [fd](auto* address, auto size) { return connect(fd, address, size); }) == 0)
    return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

Listener::Listener(std::filesystem::path path) : path_(std::move(path)) {
  make_socket_folder(path_.parent_path());
  const FolderLock lock(path_.parent_path());
  if (const int other = connect_to(path_, SOCK_NONBLOCK); other >= 0 || errno == EAGAIN) {
    if (other >= 0) close(other);  // else more wait than it has room for
    throw NameTaken(path_.string());
  }
  unlink(path_.c_str());  // nobody listens, if it is there
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const auto bind_to = [this](auto* address, auto size) { return bind(fd_, address, size); };
  struct stat made = {};
  if (fd_ < 0 || fchmod(fd_, S_IRUSR | S_IWUSR) != 0 || with_address(path_, bind_to) != 0 ||
      chmod(path_.c_str(), S_IRUSR | S_IWUSR) != 0 || listen(fd_, kMostWaiting) != 0 ||
      lstat(path_.c_str(), &made) != 0) {
    const std::string why = std::generic_category().message(errno);
    if (fd_ >= 0) close(fd_);
    throw SystemError(fmt::format("{}: it cannot be made: {}", path_.string(), why));
  }
  device_ = made.st_dev;
  inode_ = made.st_ino;
}

Listener::~Listener() {
  const FolderLock lock(path_.parent_path());
  struct stat found = {};
  if (lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
    unlink(path_.c_str());
  close(fd_);
}

int Listener::accept() const { return accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); }

}  // namespace perigee
