// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs an engine as a JACK client, which is also PipeWire's way in. The channels of a program are ports of
// its own: they come and go with the programs that use them.

#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/connections.h"
#include "drivers/driver.h"
#include "drivers/jack_channels.h"
#include "drivers/jack_client.h"
#include "drivers/jack_latency.h"
#include "drivers/jack_notices.h"
#include "drivers/jack_patchbay.h"
#include "drivers/jack_transport.h"
#include "drivers/jack_workers.h"
#include "engine/engine.h"

namespace perigee {

class JackDriver final : public Driver {
 public:
  /// Opens the client; nothing runs yet. Throws SystemError. The engine must outlive this.
  JackDriver(Engine& engine, const std::string& name, unsigned threads = 1);
  ~JackDriver() override;

  double rate() const override { return notices_.rate(); }
  int period() const override { return notices_.period(); }
  std::string describe() const override;
  void prepare(Program& program) override;
  void publish(std::unique_ptr<Program> program, const PortLatencies& latencies) override;
  void route(const std::set<Route>& routes) override;
  void rewire(const std::vector<WireOrder>& orders) override;
  std::vector<std::string> ports(const std::string& pattern) const override;
  bool has_clocks() const override { return true; }
  bool follow_transport(bool follow, const std::optional<TransportLead>& lead) override {
    return transport_.follow(follow, lead);
  }
  std::optional<TransportPosition> transport() override { return transport_.next(); }
  void transport_ready(std::uint32_t number) override { transport_.ready(number); }
  void lead_transport(double frame, double beat, double tempo) override {
    transport_.lead(frame, beat, tempo);
  }
  void start() override;
  int fd() const override { return notices_.fd(); }
  News attend() override;

 private:
  std::shared_ptr<JackPort> port(const std::string& name, JackPortFlags direction,
                                 Carries what = Carries::audio);
  void end_notes();
  void follow_changes(News& news);
  void look_at_ports(News& news);

  /// Audio thread.
  void process(jack_nframes_t frames) noexcept;

  Engine& engine_;
  std::string wanted_name_;
  std::shared_ptr<JackClient> client_;
  JackNotices notices_;
  JackLatency latency_;
  JackTransport transport_;
  unsigned threads_;
  std::optional<JackWorkers> workers_;
  bool started_ = false;
  std::map<std::string, std::weak_ptr<JackPort>> ports_;
  std::vector<std::shared_ptr<JackPort>> midi_outputs_;  ///< of the program prepared last
  JackPatchbay patchbay_;
  Connections connections_;
  std::set<std::string> all_ports_;  ///< of all programs, when they were looked at last
  std::vector<WireOrder> orders_;    ///< to be carried out when the client is active
  std::vector<Mistake> mistakes_;    ///< to be told

  JackChannels* current_ = nullptr;                   ///< the audio thread's
  std::atomic<bool> ending_ = false, ended_ = false;  ///< the last period with notes: wanted, and over
};

}  // namespace perigee
