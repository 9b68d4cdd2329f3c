// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The driver's end at the server: all that calls JACK's library, on the JACK thread, and all that the library
// calls, on threads of its own. Where the server hangs, this is left behind as it stands, while the driver,
// the engine and the programs go.

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/connections.h"
#include "drivers/driver.h"
#include "drivers/gate.h"
#include "drivers/jack_channels.h"
#include "drivers/jack_client.h"
#include "drivers/jack_latency.h"
#include "drivers/jack_notices.h"
#include "drivers/jack_patchbay.h"
#include "drivers/jack_ports.h"
#include "drivers/jack_thread.h"
#include "drivers/jack_transport.h"
#include "drivers/jack_workers.h"
#include "engine/engine.h"

namespace perigee {

class JackCore {
 public:
  JackCore(Engine& engine, std::shared_ptr<JackThread> thread);
  JackCore(const JackCore&) = delete;
  JackCore& operator=(const JackCore&) = delete;

  // JACK thread.

  /// First of all. Throws SystemError.
  void open(const std::string& name);
  /// The engine begins to run. Throws SystemError.
  void start(unsigned threads);
  /// A program has been published, whose ports these are.
  void follow(JackLatency::Map map, const std::vector<Wish>& wishes);
  void route(const std::set<Route>& routes);
  void rewire(const std::vector<WireOrder>& orders);
  /// False if another program leads already.
  bool follow_transport(bool follow, bool lead) { return transport_->tell(follow, lead); }
  /// … and nobody waited for that answer.
  void cannot_lead();
  void look() { patchbay_->look(); }
  void close();

  // Control thread, once it is open.

  JackClient& client() { return *client_; }
  JackNotices& notices() { return *notices_; }
  JackTransport& transport() { return *transport_; }
  const std::shared_ptr<JackPorts>& ports() { return ports_; }
  std::shared_ptr<const JackPatchbay::Ports> seen() const { return patchbay_->seen(); }
  News news();
  /// The audio thread goes on alone. Only after start() has returned.
  void end_workers() { workers_.reset(); }
  /// The engine is called no more.
  void shut() { gate_.close(); }
  /// Notes that loops play elsewhere are to end: true once that has been said to them.
  bool end_notes() {
    ending_ = true;
    return ended_;
  }

 private:
  void set_callbacks();
  void look_and_tell();
  void follow_changes();
  void tell(News news);

  /// Audio thread.
  void process(jack_nframes_t frames) noexcept;

  Engine& engine_;
  Gate gate_;
  std::shared_ptr<JackThread> thread_;
  std::shared_ptr<JackPorts> ports_;
  std::shared_ptr<JackClient> client_;
  std::optional<JackNotices> notices_;
  JackLatency latency_;
  std::optional<JackTransport> transport_;
  std::optional<JackWorkers> workers_;
  std::optional<JackPatchbay> patchbay_;

  // The JACK thread's.
  bool started_ = false;
  Connections connections_;
  std::set<std::string> all_ports_;  ///< of all programs, when they were looked at last
  std::vector<WireOrder> orders_;    ///< to be carried out when the client is active

  std::mutex told_mutex_;
  News told_;  ///< what the JACK thread has to tell

  JackChannels* current_ = nullptr;                   ///< the audio thread's
  std::atomic<bool> ending_ = false, ended_ = false;  ///< the last period with notes: wanted, and over
};

}  // namespace perigee
