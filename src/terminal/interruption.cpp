// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/interruption.h"

#include <csignal>
#include <initializer_list>

namespace perigee::console {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int signal) {
  if (noted == 0) noted = signal;
}

/// From one handler to another, unless the signal is ignored. Calls of the system end when it comes.
void replace(void (*from)(int), void (*to)(int)) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    if (sigaction(signal, nullptr, &action) != 0 || action.sa_handler != from) continue;
    action = {};
    action.sa_handler = to;
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

Interruption::Interruption() {
  noted = 0;
  replace(SIG_DFL, note);
}

Interruption::~Interruption() { replace(note, SIG_DFL); }

int interrupted_by() noexcept { return noted; }

}  // namespace perigee::console
