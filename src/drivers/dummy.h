// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs an engine without a sound card or server, by a clock of its own: silence comes in, what goes out is
// thrown away.

#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "drivers/bell.h"
#include "drivers/driver.h"
#include "drivers/worker_threads.h"
#include "engine/engine.h"

namespace perigee {

class DummyDriver final : public Driver {
 public:
  /// Throws SystemError for a rate or period that no clock can keep. The engine must outlive this.
  DummyDriver(Engine& engine, double rate, int period, unsigned threads = 1);
  ~DummyDriver() override;

  double rate() const override { return rate_; }
  int period() const override { return period_; }
  std::string describe() const override;
  void prepare(Program& program) override;
  void publish(std::unique_ptr<Program> program, const PortLatencies& latencies) override;
  void start() override;
  int fd() const override { return bell_.fd(); }
  News attend() override;

  /// The clock stops, and with it the engine.
  void stop();
  float peak() const { return peak_; }  ///< of all that was thrown away; any thread

 private:
  struct Channels;

  /// The audio thread.
  void keep_time();
  void run_period() noexcept;

  Engine& engine_;
  double rate_;
  int period_;
  unsigned threads_;
  bool fifo_ = false;
  Bell bell_;
  std::optional<WorkerThreads> workers_;
  std::jthread clock_;
  std::atomic<bool> stopping_{false};
  std::atomic<unsigned> late_{0};
  std::atomic<float> peak_{0};
};

}  // namespace perigee
