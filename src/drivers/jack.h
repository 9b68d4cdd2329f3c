// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs an engine as a JACK client, which is also PipeWire's way in. The channels of a program are ports of
// its own: they come and go with the programs that use them. No call waits for the server for long, however
// it hangs: what asks it runs on a thread of its own.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/driver.h"
#include "drivers/jack_core.h"
#include "drivers/jack_thread.h"
#include "engine/engine.h"

namespace perigee {

class JackDriver final : public Driver {
 public:
  /// Opens the client; nothing runs yet. Throws SystemError; Interrupted, as start() and await_ready() do, as
  /// soon as `interruption` comes. It also ends the wait for the server when this ends. The engine must
  /// outlive this.
  JackDriver(Engine& engine, const std::string& name, unsigned threads = 1, Interruption interruption = {});
  /// Where the server does not answer, its end of the connection is left behind: see JackThread.
  ~JackDriver() override;

  double rate() const override { return core_->notices().rate(); }
  int period() const override { return core_->notices().period(); }
  std::string describe() const override;
  void prepare(Program& program) override;
  Readiness readiness(const Program& program) const override;
  void await_ready() override;
  void publish(std::unique_ptr<Program> program, const PortLatencies& latencies) override;
  void route(const std::set<Route>& routes) override;
  void rewire(const std::vector<WireOrder>& orders) override;
  std::vector<std::string> ports(const std::string& pattern) const override;
  bool has_clocks() const override { return true; }
  bool follow_transport(bool follow, const std::optional<TransportLead>& lead) override;
  std::optional<TransportPosition> transport() override { return core_->transport().next(); }
  void transport_ready(std::uint32_t number) override { core_->transport().ready(number); }
  void lead_transport(double frame, double beat, double tempo) override {
    core_->transport().lead(frame, beat, tempo);
  }
  void start() override;
  int fd() const override { return core_->notices().fd(); }
  News attend() override { return core_->news(); }

 private:
  std::shared_ptr<JackPort> port(const std::string& of, const std::string& name, JackPortFlags direction,
                                 Carries what = Carries::audio);
  void check_room(const Program& program);
  void check(JackThread::Outcome outcome);
  void end_notes();
  void close();

  Engine& engine_;
  std::string wanted_name_;
  unsigned threads_;
  Interruption interruption_;
  std::shared_ptr<JackThread> thread_;
  std::shared_ptr<JackCore> core_;
  bool started_ = false;
  bool hangs_ = false;  ///< what was waited for last
  std::map<std::string, std::weak_ptr<JackPort>> ports_;
  std::vector<std::shared_ptr<JackPort>> midi_outputs_;  ///< of the program published last
};

}  // namespace perigee
