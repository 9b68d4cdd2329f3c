// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the library tells of the server, on threads of its own: its rate and period, what came too late, ports
// that came, and its end.

#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <vector>

#include "drivers/bell.h"
#include "drivers/driver.h"
#include "drivers/jack_client.h"

namespace perigee {

class JackNotices {
 public:
  /// For a client that is not active yet, and is closed before this ends.
  explicit JackNotices(JackClient& client);
  JackNotices(const JackNotices&) = delete;
  JackNotices& operator=(const JackNotices&) = delete;

  double rate() const { return rate_; }                     ///< Hz
  int period() const { return static_cast<int>(period_); }  ///< frames
  int fd() const { return bell_.fd(); }                     ///< readable when there is something new

  // Control thread: what is new since the last time.
  News news();
  std::vector<jack_port_id_t> ports();

 private:
  void set_callbacks();
  void tell_gone(const char* reason) noexcept;

  JackClient& client_;
  Bell bell_;
  std::atomic<jack_nframes_t> rate_{0}, period_{0};
  std::atomic<unsigned> late_{0};
  std::array<char, 128> reason_{};  ///< written before gone is set, read after
  std::mutex came_mutex_;
  std::vector<jack_port_id_t> came_;
  double told_rate_ = 0;
  int told_period_ = 0;
};

}  // namespace perigee
