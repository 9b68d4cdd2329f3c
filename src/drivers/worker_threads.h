// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The threads that help an audio thread which is not JACK's.

#pragma once

#include <thread>
#include <vector>

#include "engine/engine.h"

namespace perigee {

class WorkerThreads {
 public:
  /// As many as it takes for `threads` with the audio thread; with this real-time priority, if it is not 0
  /// and the system permits it. Throws SystemError when there is no more to be had. The engine must outlive
  /// this.
  WorkerThreads(Engine& engine, unsigned threads, int priority = 0);
  ~WorkerThreads() { end(); }
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;

  /// The audio thread may be running: it goes on alone.
  void end();

 private:
  Engine& engine_;
  std::vector<std::thread> threads_;
};

}  // namespace perigee
