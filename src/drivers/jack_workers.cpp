// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "drivers/jack_workers.h"

#include <fmt/format.h>
#include <jack/jack.h>  // before thread.h, which does not include it

#include <jack/thread.h>

#include "drivers/driver.h"

namespace perigee {

JackWorkers::JackWorkers(Engine& engine, Gate& gate, JackClient& client, unsigned threads)
    : engine_(engine), client_(client) {
  const int priority = jack_client_real_time_priority(client.handle);
  const int realtime = jack_is_realtime(client.handle);
  for (unsigned share = 1; share < threads; ++share) {
    workers_.push_back({.engine = engine, .gate = gate, .share = share});
    Worker& worker = workers_.back();
    const auto run = [](void* given) -> void* {
      const Uncancelled thread;
      const auto& self = *static_cast<const Worker*>(given);
      self.gate.pass([&] { self.engine.work(self.share); });
      return nullptr;
    };
    if (jack_client_create_thread(client.handle, &worker.thread, priority, realtime, run, &worker) == 0)
      continue;
    workers_.pop_back();
    end();
    throw SystemError(fmt::format("JACK's library has no {} threads for us", threads));
  }
}

JackWorkers::~JackWorkers() { end(); }

void JackWorkers::end() {
  engine_.end_work();
  for (Worker& worker : workers_) jack_client_stop_thread(client_.handle, worker.thread);
  workers_.clear();
}

}  // namespace perigee
