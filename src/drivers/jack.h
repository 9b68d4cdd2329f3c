// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs an engine as a JACK client, which is also PipeWire's way in. The channels of a program are ports of
// its own: they come and go with the programs that use them.

#pragma once

#include <array>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/bell.h"
#include "drivers/driver.h"
#include "drivers/jack_client.h"
#include "drivers/jack_connections.h"
#include "engine/engine.h"

namespace perigee {

class JackDriver final : public Driver {
 public:
  /// Opens the client; nothing runs yet. Throws SystemError. The engine must outlive this.
  JackDriver(Engine& engine, const std::string& name);
  ~JackDriver() override;

  double rate() const override;
  int period() const override;
  std::string describe() const override;
  void publish(std::unique_ptr<Program> program, const PortLatencies& latencies) override;
  void start() override;
  int fd() const override { return bell_.fd(); }
  News attend() override;

 private:
  struct Channels;
  /// The ports of the last published program and what lies between them.
  struct Map {
    std::vector<std::vector<jack_port_t*>> inputs, outputs;  ///< by port of the program, then by lane
    PortLatencies latencies;
  };

  std::shared_ptr<JackPort> port(const std::string& name, JackPortFlags direction);
  void set_callbacks();
  void connect_what_came();

  /// Audio thread.
  void process(jack_nframes_t frames) noexcept;
  /// The library's thread for notifications.
  void tell_latency(jack_latency_callback_mode_t mode);
  void tell_gone(const char* reason) noexcept;

  Engine& engine_;
  std::string wanted_name_;
  Bell bell_;
  std::shared_ptr<JackClient> client_;
  bool started_ = false;
  std::map<std::string, std::weak_ptr<JackPort>> ports_;
  JackConnections connections_;
  double told_rate_ = 0;
  int told_period_ = 0;

  Channels* current_ = nullptr;  ///< the audio thread's

  std::mutex map_mutex_;
  Map map_;

  std::mutex came_mutex_;
  std::vector<jack_port_id_t> came_;
  std::atomic<unsigned> late_{0};
  std::atomic<jack_nframes_t> rate_{0}, period_{0};
  std::array<char, 128> reason_{};  ///< written before gone is set, read after
};

}  // namespace perigee
