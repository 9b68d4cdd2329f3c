// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The threads that help JACK's audio thread: made by its library, with the priority that it gives its own.

#pragma once

#include <deque>

#include "drivers/gate.h"
#include "drivers/jack_client.h"
#include "engine/engine.h"

namespace perigee {

class JackWorkers {
 public:
  /// As many as it takes for `threads` with the audio thread. Throws SystemError. Engine and client must
  /// outlive this.
  JackWorkers(Engine& engine, Gate& gate, JackClient& client, unsigned threads);
  ~JackWorkers();
  JackWorkers(const JackWorkers&) = delete;
  JackWorkers& operator=(const JackWorkers&) = delete;

 private:
  struct Worker {
    Engine& engine;
    Gate& gate;
    unsigned share;
    pthread_t thread{};
  };
  void end();

  Engine& engine_;
  JackClient& client_;
  std::deque<Worker> workers_;
};

}  // namespace perigee
