// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A driver without a clock: the test itself calls the engine.

#pragma once

#include "drivers/driver.h"
#include "drivers/transport_relay.h"
#include "engine/engine.h"

namespace perigee::test {

class HandDriver final : public Driver {
 public:
  explicit HandDriver(Engine& engine) : engine_(engine) {}

  double rate() const override { return 48000; }
  int period() const override { return kChunk; }
  std::string describe() const override { return "driver turned by hand"; }
  void prepare(Program& program) override {
    if (program.in_channels + program.out_channels > room)
      throw SystemError("there is no room for more ports");
  }
  Readiness readiness(const Program& /*program*/) const override {
    if (!refuses.empty()) return {.is_ready = false, .refused = NoRoom(refuses, "it is refused")};
    return {.is_ready = ports_come};
  }
  void publish(std::unique_ptr<Program> program, const PortLatencies&) override {
    engine_.publish(std::move(program));
  }
  void route(const std::set<Route>& wanted) override { routes = wanted; }
  bool has_clocks() const override { return true; }
  bool follow_transport(bool follow, const std::optional<TransportLead>& wanted) override {
    relay.follow(follow);
    lead = has_master ? std::nullopt : wanted;
    return !(has_master && wanted);
  }
  std::optional<TransportPosition> transport() override { return relay.next(); }
  void transport_ready(std::uint32_t number) override { relay.ready(number); }
  void lead_transport(double frame, double beat, double tempo) override {
    leading.push_back({frame, beat, tempo});
  }
  void start() override {}
  int fd() const override { return -1; }
  News attend() override { return {}; }

  unsigned room = 1000;    ///< channels
  bool ports_come = true;  ///< what is prepared is ready
  std::string refuses;     ///< a port, for ever
  std::set<Route> routes;
  TransportRelay relay;
  bool has_master = false;  ///< another program leads the transport
  std::optional<TransportLead> lead;
  struct Led {
    double frame, beat, tempo;
  };
  std::vector<Led> leading;

 private:
  Engine& engine_;
};

}  // namespace perigee::test
