// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "control/signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace perigee {

namespace {

sigset_t wishes() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = wishes();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Signals::Wish Signals::read() const {
  signalfd_siginfo info;
  if (::read(fd_, &info, sizeof info) != sizeof info) return Wish::none;
  switch (info.ssi_signo) {
    case SIGHUP:
      return Wish::reload;
    case SIGUSR1:
      return Wish::undo;
    case SIGUSR2:
      return Wish::redo;
    default:
      return Wish::end;
  }
}

Signals::~Signals() { close(fd_); }

}  // namespace perigee
