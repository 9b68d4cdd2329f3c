// SPDX-FileCopyrightText: 2026 The Perigee developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the library tells of the server, on threads of its own: its rate and period, what came too late, ports
// that come and go, wires that are taken away, and its end.

#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "drivers/bell.h"
#include "drivers/driver.h"
#include "drivers/jack_client.h"

namespace perigee {

class JackNotices {
 public:
  /// Of ports and wires.
  struct Change {
    enum class What { came, went, joined, parted } what;
    jack_port_id_t port = 0;   ///< not of what went
    jack_port_id_t other = 0;  ///< that it was connected to, or disconnected from
  };

  /// For a client that is not active yet, and is closed before this ends.
  /// `changed`: there are changes; called on the library's threads.
  JackNotices(JackClient& client, std::function<void()> changed);
  JackNotices(const JackNotices&) = delete;
  JackNotices& operator=(const JackNotices&) = delete;

  double rate() const { return rate_; }                     ///< Hz
  int period() const { return static_cast<int>(period_); }  ///< frames
  int fd() const { return bell_.fd(); }                     ///< readable when there is something new

  /// There is something new.
  void ring() { bell_.ring(); }

  // What is new since the last time.
  News news();                    ///< control thread
  std::vector<Change> changes();  ///< JACK thread

 private:
  void set_callbacks();
  void tell_change(const Change& change);
  void tell_gone(const char* reason) noexcept;

  JackClient& client_;
  std::function<void()> changed_;
  Bell bell_;
  std::atomic<jack_nframes_t> rate_{0}, period_{0};
  std::atomic<unsigned> late_{0};
  std::array<char, 128> reason_{};  ///< written before gone is set, read after
  std::mutex changes_mutex_;
  std::vector<Change> changes_;
  double told_rate_ = 0;
  int told_period_ = 0;
};

}  // namespace perigee
