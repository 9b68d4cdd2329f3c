// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a patch adds to the latency between its ports, as JACK wants it told.

#pragma once

#include <jack/jack.h>

#include <mutex>
#include <vector>

#include "plan/port_latency.h"

namespace perigee {

class JackLatency {
 public:
  /// The ports of a program and what lies between them.
  struct Map {
    std::vector<std::vector<jack_port_t*>> inputs, outputs;  ///< by port of the program, then by lane
    PortLatencies latencies;
  };

  /// Control thread. None of the ports of the map before is touched again.
  void set(Map map);
  /// Answers the server's question, on the library's thread for notifications: what reaches us or is reached
  /// from us, and so much more.
  void tell(jack_latency_callback_mode_t mode);

 private:
  std::mutex mutex_;
  Map map_;
};

}  // namespace perigee
