// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/descriptors.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "terminal/interruption.h"

namespace perigee::console {

void hold_descriptors() noexcept {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    // The other way round than they are used. The least number that is free is this one.
    const int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) < 0) [[maybe_unused]]
      const int held = ::open("/", O_PATH);
  }
}

void ignore_signals() noexcept {
  // SIGXFSZ is the limit of a file's size.
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

int write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t taken = ::write(descriptor, text.data(), text.size());
    if (taken > 0) {
      text.remove_prefix(static_cast<std::size_t>(taken));
      continue;
    }
    if (taken == 0) return ENOSPC;
    if (errno != EINTR && errno != EAGAIN) return errno;
    if (interrupted_by() != 0) return EINTR;
    if (errno == EAGAIN) {  // somebody else has set it so
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      poll(&room, 1, -1);
    }
  }
  return 0;
}

}  // namespace perigee::console
