// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/worker_threads.h"

#include <fmt/format.h>
#include <pthread.h>

#include <system_error>

#include "drivers/driver.h"

namespace perigee {

WorkerThreads::WorkerThreads(Engine& engine, unsigned threads, int priority) : engine_(engine) {
  try {
    for (unsigned share = 1; share < threads; ++share)
      threads_.emplace_back([&engine, share] { engine.work(share); });
  } catch (const std::system_error& refused) {
    end();
    throw SystemError(fmt::format("the system has no {} threads for us: {}", threads, refused.what()));
  }
  const sched_param wanted{.sched_priority = priority};
  for (std::thread& thread : threads_)
    if (priority == 0 || pthread_setschedparam(thread.native_handle(), SCHED_FIFO, &wanted) != 0)
      engine.yield();
}

void WorkerThreads::end() {
  engine_.end_work();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace perigee
